"""Merging two rows: one stays, the other is deactivated, its children and links move.

Only the message Merge is raised. Whether the service also raises Update for every moved child is
not documented, so nobody who listens here may count on it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from emulator.changes import Change
from emulator.definitions import Relationship, Table
from emulator.errors import invalid_argument
from emulator.rows.activities import POINTER
from emulator.rows.links import move_links
from emulator.rows.schema import quote
from emulator.rows.stamps import stamp_change

if TYPE_CHECKING:
    from emulator.rows.transaction import Transaction

_MASTER = "masterid"
MERGED_STATES: Mapping[str, tuple[int, int]] = {
    "account": (1, 2),
    "contact": (1, 2),
    "lead": (2, 7),
    "incident": (2, 2000),
}
"""Tables whose rows can be merged, with state and status of the row that goes."""


def merge_rows(
    tx: "Transaction", table: Table, pair: tuple[str, str], content: Mapping[str, Any]
) -> None:
    """Merge the second row of the pair into the first, which takes over the content."""
    target_id, subordinate_id = pair
    if target_id == subordinate_id or table.name not in MERGED_STATES:
        raise invalid_argument(f"These rows of {table.name} cannot be merged.")
    before = tx.existing(table.name, target_id)
    subordinate = tx.existing(table.name, subordinate_id)
    _stamp(tx, table, before, content)
    for relationship in tx.org.definitions.referencing(table.name):
        if relationship.lookup != _MASTER and relationship.child != POINTER:
            _move_children(tx, relationship, target_id, subordinate_id)
    move_links(tx, table.name, subordinate_id, target_id)
    _stamp(tx, table, subordinate, _gone(table, target_id))
    after = tx.existing(table.name, target_id)
    parameters = {"SubordinateId": subordinate_id, "PerformParentingChecks": False}
    tx.announce(Change("Merge", table.name, target_id, before, after, tuple(content), parameters))


def _stamp(
    tx: "Transaction", table: Table, before: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    stamped = stamp_change(tx, table, before, values)
    tx.overwrite(table, before[table.id_column], stamped)


def _gone(table: Table, target_id: str) -> dict[str, Any]:
    state, status = MERGED_STATES[table.name]
    values: dict[str, Any] = {"statecode": state, "statuscode": status}
    if "merged" in table.columns:
        values["merged"] = True
    if _MASTER in table.columns:
        values |= {_MASTER: target_id, f"{_MASTER}@type": table.name}
    return values


def _move_children(
    tx: "Transaction", relationship: Relationship, target_id: str, subordinate_id: str
) -> None:
    child = tx.org.definitions.tables[relationship.child]
    lookup, kind = relationship.lookup, f"{relationship.lookup}@type"
    found = tx.connection.execute(
        f"SELECT {quote(child.id_column)} FROM {quote(child.name)} "
        f"WHERE {quote(lookup)} = ? AND {quote(kind)} = ?",
        [subordinate_id, relationship.parent],
    ).fetchall()
    for (child_id,) in found:
        # The row that stays cannot become its own parent.
        link = (None, None) if child_id == target_id else (target_id, relationship.parent)
        tx.overwrite(child, child_id, dict(zip((lookup, kind), link, strict=True)))
