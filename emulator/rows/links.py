"""Associating rows: the links of many-to-many relationships and the messages they raise.

Links that vanish with a row, or follow it in a merge, raise nothing of their own.
"""

import uuid
from typing import TYPE_CHECKING, Any

from emulator.changes import Change
from emulator.definitions import End, Table
from emulator.errors import ApiError
from emulator.rows.schema import quote

if TYPE_CHECKING:
    from emulator.rows.transaction import Transaction

ASSOCIATE, DISASSOCIATE = "Associate", "Disassociate"


def associate(tx: "Transaction", end: End, row_id: str, target_id: str) -> None:
    """Link two rows; 404 when one is missing, 412 when they are linked already."""
    if not link(tx, end, row_id, target_id):
        raise ApiError(412, "0x80040237", "Cannot insert duplicate key.")
    _announce(tx, ASSOCIATE, end, row_id, target_id)


def disassociate(tx: "Transaction", end: End, row_id: str, target_id: str) -> None:
    """Take the link of two rows away; without one there is nothing to do."""
    if unlink(tx, end, row_id, target_id):
        _announce(tx, DISASSOCIATE, end, row_id, target_id)


def link(tx: "Transaction", end: End, row_id: str, target_id: str) -> bool:
    """Store a link without a message; 404 when a row is missing, False when it was there."""
    tx.existing(end.table, row_id)
    tx.existing(end.target, target_id)
    if link_id(tx, end, row_id, target_id) is not None:
        return False
    tx.insert(_intersect(tx, end), _link(tx, end, row_id, target_id))
    return True


def unlink(tx: "Transaction", end: End, row_id: str, target_id: str) -> bool:
    """Take a link away without a message; 404 when the row is missing, False without a link."""
    tx.existing(end.table, row_id)
    found = tx.connection.execute(
        f"DELETE FROM {quote(end.relationship.intersect)} "
        f"WHERE {quote(end.near)} = ? AND {quote(end.far)} = ?",
        [row_id, target_id],
    )
    return found.rowcount > 0


def unlink_row(tx: "Transaction", table: Table, row_id: str) -> None:
    """Take away every link of a row that is being deleted."""
    for end in _ends_of(tx, table.name):
        tx.connection.execute(
            f"DELETE FROM {quote(end.relationship.intersect)} WHERE {quote(end.near)} = ?",
            [row_id],
        )


def move_links(tx: "Transaction", table: str, old_id: str, new_id: str) -> None:
    """Give the links of one row to another, each once."""
    for end in _ends_of(tx, table):
        near, far = quote(end.near), quote(end.far)
        intersect = quote(end.relationship.intersect)
        tx.connection.execute(
            f"UPDATE {intersect} SET {near} = ? WHERE {near} = ? AND {far} NOT IN "
            f"(SELECT {far} FROM {intersect} WHERE {near} = ?)",
            [new_id, old_id, new_id],
        )
        tx.connection.execute(f"DELETE FROM {intersect} WHERE {near} = ?", [old_id])


def _ends_of(tx: "Transaction", table: str) -> list[End]:
    return [end for end in tx.org.definitions.ends.values() if end.table == table]


def _intersect(tx: "Transaction", end: End) -> Table:
    return tx.org.definitions.tables[end.relationship.intersect]


def link_id(tx: "Transaction", end: End, row_id: str, target_id: str) -> str | None:
    """The guid of the link of two rows."""
    intersect = _intersect(tx, end)
    found = tx.connection.execute(
        f"SELECT {quote(intersect.id_column)} FROM {quote(intersect.name)} "
        f"WHERE {quote(end.near)} = ? AND {quote(end.far)} = ?",
        [row_id, target_id],
    ).fetchone()
    return None if found is None else str(found[0])


def _link(tx: "Transaction", end: End, row_id: str, target_id: str) -> dict[str, Any]:
    columns = _intersect(tx, end).columns
    row: dict[str, Any] = {_intersect(tx, end).id_column: str(uuid.uuid4())}
    for name, table, value in ((end.near, end.table, row_id), (end.far, end.target, target_id)):
        row[name] = value
        if columns[name].is_lookup:
            row[f"{name}@type"] = table
    row |= {name: tx.now for name in ("createdon", "modifiedon") if name in columns}
    # Only the list of marketing list members says which table a member is of.
    if "entitytype" in columns:
        row["entitytype"] = end.target if end.table == "list" else end.table
    return row


def _announce(tx: "Transaction", message: str, end: End, row_id: str, target_id: str) -> None:
    parameters = {"Relationship": end.relationship.name, "RelatedEntities": [target_id],
                  "RelatedTable": end.target}  # fmt: skip
    tx.announce(Change(message, end.table, row_id, parameters=parameters))
