"""A POST with related rows in its body creates them with it, all or none (deep insert).

Parents come first, for the row is bound to them; children and links between many afterwards.
"""

from collections.abc import Mapping
from typing import Any

from emulator.customization.solutions import add_row_to_named_solution
from emulator.definitions import Table
from emulator.errors import bad_payload
from emulator.rows.links import associate
from emulator.rows.transaction import Transaction
from emulator.users_caller import require
from emulator.webapi.calls import Call
from emulator.webapi.payloads import check_bound, payload_of


def create_with_related(
    call: Call, tx: Transaction, table: Table, body: Mapping[str, Any], linked: Mapping[str, Any]
) -> str:
    """The guid of the new row; ``linked`` are stored values that the body does not have."""
    require(table, "create")
    nested = {name: body[name] for name in body if _is_related(tx, table, name)}
    plain = {name: value for name, value in body.items() if name not in nested}
    values = payload_of(call, table).values(plain) | dict(linked)
    definitions = tx.org.definitions
    for name, value in nested.items():
        parent = definitions.parents.get((table.name, name))
        if parent is not None:
            target = definitions.tables[parent.parent]
            row_id = create_with_related(call, tx, target, _row(table, name, value), {})
            values |= {parent.lookup: row_id, f"{parent.lookup}@type": target.name}
    check_bound(tx, values)
    created = tx.create(table.name, values)
    add_row_to_named_solution(call, table.name, created)
    for name, value in nested.items():
        if (table.name, name) not in definitions.parents:
            _create_many(call, tx, (table, created, name), value)
    return created


def _create_many(call: Call, tx: Transaction, place: tuple[Table, str, str], rows: Any) -> None:
    table, row_id, name = place
    if not isinstance(rows, list):
        raise bad_payload(table.name, f"The member '{name}' must be a list of rows.")
    definitions = tx.org.definitions
    end = definitions.ends.get((table.name, name))
    if end is not None:
        for row in rows:
            target = definitions.tables[end.target]
            other = create_with_related(call, tx, target, _row(table, name, row), {})
            associate(tx, end, row_id, other)
        return
    relationship = definitions.children[table.name, name]
    linked = {relationship.lookup: row_id, f"{relationship.lookup}@type": table.name}
    child = definitions.tables[relationship.child]
    for row in rows:
        create_with_related(call, tx, child, _row(table, name, row), linked)


def _is_related(tx: Transaction, table: Table, name: str) -> bool:
    key, definitions = (table.name, name), tx.org.definitions
    return key in definitions.parents or key in definitions.children or key in definitions.ends


def _row(table: Table, name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise bad_payload(table.name, f"The member '{name}' must hold a row.")
    return value
