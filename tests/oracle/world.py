"""The rows of an org as plain lists, and how a lookup leads from one to another (15.6, 15.7)."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.oracle.errors import InputError, RecordError
from tests.oracle.text import identity
from tests.oracle.values import Node, Value, cell

Row = Mapping[str, Node]
Target = tuple[str, str]  # table, id as it compares

_STANDARD = json.loads(Path(__file__).with_name("lookups.json").read_text(encoding="utf-8"))
_ACTIVITIES = {
    "activitypointer",
    "appointment",
    "bulkoperation",
    "campaignactivity",
    "campaignresponse",
    "email",
    "fax",
    "letter",
    "phonecall",
    "recurringappointmentmaster",
    "serviceappointment",
    "socialactivity",
    "task",
}


def primary_key(table: str) -> str:
    """The name of a table's key column (15.9)."""
    return "activityid" if table in _ACTIVITIES else f"{table}id"


class World:
    """All tables of a case. Indexes are built once, because one org is asked many times."""

    def __init__(
        self, tables: Mapping[str, Sequence[Row]], lookups: Mapping[str, str] | None = None
    ) -> None:
        self._tables = tables
        self._own = dict(lookups or {})
        self._keys: dict[str, dict[str, Row]] = {}
        self._children: dict[tuple[str, str], dict[Target, list[Row]]] = {}
        self._columns: dict[str, set[str]] = {}

    def rows(self, table: str) -> Sequence[Row]:
        """Every row of a table; a table that is not there is empty."""
        return self._tables.get(table) or []

    def key(self, table: str, row: Row) -> str:
        """The id of a row as it compares."""
        id_ = row.get(primary_key(table))
        if id_ is None:
            raise InputError(f"a row of {table} has no {primary_key(table)}")
        return identity(id_)

    def find(self, table: str, id_: object) -> Row | None:
        """The row with that id, or None."""
        if table not in self._keys:
            self._keys[table] = {self.key(table, row): row for row in self.rows(table)}
        return self._keys[table].get(identity(id_))

    def columns(self, table: str) -> set[str]:
        """The names that at least one row of the table carries."""
        if table not in self._columns:
            self._columns[table] = {name for row in self.rows(table) for name in row}
        return self._columns[table]

    def target(self, table: str, lookup: str, row: Row) -> Target | None:
        """The table and id a lookup of the row points to; None when it is empty."""
        id_ = row.get(lookup)
        if id_ is None:
            return None
        return self._target_table(table, lookup, row), identity(id_)

    def _target_table(self, table: str, lookup: str, row: Row) -> str:
        own_type = row.get(f"{lookup}@type")
        if own_type is not None:
            return str(own_type)
        targets = self._targets(table, lookup)
        if len(targets) != 1:
            raise RecordError(f"nothing tells the target of {table}.{lookup}")
        return targets[0]

    def _targets(self, table: str, lookup: str) -> list[str]:
        if f"{table}.{lookup}" in self._own:
            return [self._own[f"{table}.{lookup}"]]
        found: list[str] = _STANDARD.get(table, {}).get(lookup, [])
        return found

    def children(self, table: str, lookup: str, parent: Target) -> list[Row]:
        """The rows of a table whose lookup points at the parent (id and type)."""
        index = self._children.get((table, lookup))
        if index is None:
            index = self._children.setdefault((table, lookup), {})
            for row in self.rows(table):
                target = self.target(table, lookup, row)
                if target is not None:
                    index.setdefault(target, []).append(row)
        return index.get(parent, [])

    def read(self, table: str, row: Row, column: str) -> Value:
        """A column's value; dots follow lookups, and whatever is not there is null (3.1)."""
        head, _, rest = column.partition(".")
        if not rest:
            return self._cell(table, row, column)
        target = self.target(table, head, row)
        parent = self.find(*target) if target else None
        return self.read(target[0], parent, rest) if target and parent else None

    def _cell(self, table: str, row: Row, column: str) -> Value:
        raw = row.get(column)
        is_id = column == primary_key(table) or bool(self._targets(table, column))
        return str(raw) if is_id and raw is not None else cell(raw)

    def check(self) -> None:
        """Refuse a known polymorphic lookup that holds an id without its type (15.9)."""
        for table, rows in self._tables.items():
            many = [
                name for name in _STANDARD.get(table, {}) if len(self._targets(table, name)) > 1
            ]
            for row in rows:
                for name in many:
                    if row.get(name) is not None and row.get(f"{name}@type") is None:
                        raise InputError(f"{table}.{name} holds an id without {name}@type")
