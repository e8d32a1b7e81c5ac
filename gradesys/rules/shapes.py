"""What metadata tells about a column that a rule names, dotted or not (rules.md 3.1, 15.4, 15.7).

Without a schema (case files) nothing is told: kinds then follow from the shape of each value.
"""

from __future__ import annotations

from msgspec import Struct

from gradesys.errors import Problem, RuleError
from gradesys.records import Column, Kind, Schema, Table
from gradesys.rules.nearest import nearest

DEEPEST = 2
"""Lookups that a dotted column may follow."""


class Shape(Struct, frozen=True):
    """``column`` None: nothing is known of it. ``polymorphic``: a head has several targets."""

    column: Column | None = None
    polymorphic: bool = False

    @property
    def kind(self) -> Kind | None:
        """The column's kind, where it is known."""
        return self.column.kind if self.column else None


def column_at(schema: Schema | None, table: str, dotted: str) -> Column | None:
    """The column, where metadata has it; behind a polymorphic head where all that have it agree."""
    try:
        return shape_at(schema, table, dotted).column
    except RuleError:
        return None


def shape_at(schema: Schema | None, table: str, dotted: str) -> Shape:
    """What is known of the column; RuleError (path empty) when metadata says it cannot be read."""
    if schema is None:
        return Shape()
    *heads, name = dotted.split(".")
    if len(heads) > DEEPEST:
        raise _error(f"'{dotted}' follows more than {DEEPEST} lookups")
    holders, polymorphic = [table_at(schema, table)], False
    for head in heads:
        targets = _targets(holders, head)
        polymorphic = polymorphic or len(targets) > 1
        holders = [schema[target] for target in targets if target in schema]
        if not holders:
            raise _error(f"unknown table '{', '.join(targets)}' behind '{head}'")
    return Shape(_agreed(_having(holders, name)), polymorphic)


def key_kind(table: str, column: str) -> Kind | None:
    """Kind.ID for what is a primary key by its name (15.9), where no metadata tells."""
    return Kind.ID if column in (f"{table}id", "activityid") else None


def table_at(schema: Schema, name: str) -> Table:
    """The table; RuleError (path empty) when the org has none of this name."""
    if name not in schema:
        raise _error(f"unknown table '{name}'{nearest(name, schema)}")
    return schema[name]


def _targets(holders: list[Table], head: str) -> tuple[str, ...]:
    columns = _having(holders, head)
    if any(column.kind is not Kind.LOOKUP for column in columns):
        raise _error(f"'{head}' is no lookup")
    return tuple(dict.fromkeys(target for column in columns for target in column.targets))


def _having(holders: list[Table], name: str) -> list[Column]:
    """The column in those tables that have it; RuleError when none has."""
    columns = [table.columns[name] for table in holders if name in table.columns]
    if columns:
        return columns
    tables = ", ".join(table.name for table in holders)
    known = {column for table in holders for column in table.columns}
    raise _error(f"table '{tables}' has no column '{name}'{nearest(name, known)}")


def _agreed(columns: list[Column]) -> Column | None:
    return columns[0] if len({column.kind for column in columns}) == 1 else None


def _error(message: str) -> RuleError:
    return RuleError((Problem((), message),))
