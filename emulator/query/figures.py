"""How the figures of an aggregation look in an answer."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from emulator.definitions import Definitions
from emulator.query import annotations
from emulator.query.aggregates import Measure
from emulator.query.annotations import Wanted

# Sums of rows in several currencies have none of their own.
_SYMBOL = "$"


def figure_members(
    definitions: Definitions, wanted: Wanted, measure: Measure, value: Any
) -> Iterator[tuple[str, Any]]:
    """Name and value of a figure, after its formatted value; nothing for null."""
    if value is None:
        return
    if annotations.FORMATTED in wanted:
        text = _text(definitions, wanted, measure, value)
        yield f"{measure.name}@{annotations.FORMATTED}", text
    yield measure.name, value


def _text(definitions: Definitions, wanted: Wanted, measure: Measure, value: Any) -> str:
    if measure.is_count:
        return f"{value:,}"
    if measure.column.kind == "Money":
        return f"{'-' if value < 0 else ''}{_SYMBOL}{abs(value):,.2f}"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    write = annotations.formatter(definitions, measure.column, wanted.language)
    return str(value) if write is None else write(value)
