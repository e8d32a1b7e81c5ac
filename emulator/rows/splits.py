"""One request, several updates: ordinary columns first, then owners, then state and status.

The service still runs its retired messages (Assign, SetState ...) behind these columns, so the
events of one PATCH come apart (dataverse.md 1.6).
"""

from collections.abc import Mapping
from typing import Any

from emulator.definitions import Table

_PLAIN, _OWNER, _STATE = range(3)
OWNERS: Mapping[str, frozenset[str]] = {
    "businessunit": frozenset({"parentbusinessunitid"}),
    "systemuser": frozenset({"businessunitid", "parentsystemuserid"}),
    "team": frozenset({"businessunitid"}),
}
"""The owner-like columns of tables that belong to a business unit."""


def split_update(table: Table, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The updates that the values of one request become, at least one."""
    parts: dict[int, dict[str, Any]] = {}
    for name, value in values.items():
        parts.setdefault(_part(table, name.removesuffix("@type")), {})[name] = value
    return [parts[number] for number in sorted(parts)] or [{}]


def _part(table: Table, name: str) -> int:
    if name in OWNERS.get(table.name, ()):
        return _OWNER
    column = table.columns.get(name)
    return _STATE if column is not None and column.kind in ("State", "Status") else _PLAIN
