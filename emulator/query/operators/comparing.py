"""Conditions that compare with given values: equality, order, lists, ranges, patterns, null."""

from collections.abc import Mapping, Sequence

from emulator.errors import Unsupported, invalid_argument
from emulator.query.operators.operand import Operand, Operator, only
from emulator.query.source import Sql
from emulator.rows.schema import guid_order
from emulator.rows.values import TEXT_KINDS, fold_text

SIGNS = {"eq": "=", "ne": "<>", "neq": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_ORDERING = frozenset({">", ">=", "<", "<="})


def _comparing(sign: str) -> Operator:
    def condition(operand: Operand, values: Sequence[str]) -> Sql:
        return compared(operand, sign, only(values))

    return condition


def compared(operand: Operand, sign: str, text: str) -> Sql:
    """The column against one value; guids are ordered as SQL Server orders them."""
    value, column = operand.stored(text), operand.column
    if sign in _ORDERING and (column.is_lookup or column.kind == "Uniqueidentifier"):
        return Sql(f"{guid_order(operand.sql)} {sign} {guid_order('?')}", (value,) * 10)
    return Sql(f"{operand.sql} {sign} ?", (value,))


def _listing(word: str) -> Operator:
    def condition(operand: Operand, values: Sequence[str]) -> Sql:
        if not values:
            raise invalid_argument("The condition needs at least one value.")
        marks = ", ".join("?" * len(values))
        stored = tuple(operand.stored(value) for value in values)
        return Sql(f"{operand.sql} {word} ({marks})", stored)

    return condition


def _between(operand: Operand, values: Sequence[str]) -> Sql:
    if len(values) != 2:
        raise invalid_argument(f"The condition takes two values, it has {len(values)}.")
    low, high = (compared(operand, *bound) for bound in zip((">=", "<="), values, strict=True))
    return Sql(f"({low.text} AND {high.text})", (*low.values, *high.values))


def _not_between(operand: Operand, values: Sequence[str]) -> Sql:
    inside = _between(operand, values)
    return Sql(f"NOT {inside.text}", inside.values)


def _matching(pattern: str, word: str) -> Operator:
    def condition(operand: Operand, values: Sequence[str]) -> Sql:
        text = only(values)
        if operand.column.kind not in TEXT_KINDS:
            raise invalid_argument(f"The column '{operand.column.name}' is no text.")
        if "[" in text:
            raise Unsupported("'[' in a text pattern")
        return Sql(f"fold({operand.sql}) {word} ?", (pattern.format(fold_text(text)),))

    return condition


def _null(operand: Operand, values: Sequence[str]) -> Sql:
    return Sql(f"{operand.sql} IS NULL")


def _not_null(operand: Operand, values: Sequence[str]) -> Sql:
    return Sql(f"{operand.sql} IS NOT NULL")


def _of_choices(word: str) -> Operator:
    def condition(operand: Operand, values: Sequence[str]) -> Sql:
        # Only multi-select choices hold several values, and no table here has one.
        raise invalid_argument(
            f"The operator '{word}' does not go with the column '{operand.column.name}' "
            f"of type {operand.column.kind}."
        )

    return condition


COMPARING: Mapping[str, Operator] = {
    **{name: _comparing(sign) for name, sign in SIGNS.items()},
    "in": _listing("IN"),
    "not-in": _listing("NOT IN"),
    "between": _between,
    "not-between": _not_between,
    "null": _null,
    "not-null": _not_null,
    "like": _matching("{}", "LIKE"),
    "not-like": _matching("{}", "NOT LIKE"),
    "begins-with": _matching("{}%", "LIKE"),
    "not-begin-with": _matching("{}%", "NOT LIKE"),
    "ends-with": _matching("%{}", "LIKE"),
    "not-end-with": _matching("%{}", "NOT LIKE"),
    "contain-values": _of_choices("contain-values"),
    "not-contain-values": _of_choices("not-contain-values"),
}
