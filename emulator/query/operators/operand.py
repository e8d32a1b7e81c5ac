"""The left side of a condition, and texts on its right side in the form the column stores."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct
from odata_query import ast

from emulator.definitions import Column
from emulator.errors import invalid_argument
from emulator.query.asker import Asking
from emulator.query.literals import literal_value, stored_moment
from emulator.query.source import Source, Sql
from emulator.rows.values import TEXT_KINDS, SqlValue

FIRST_YEAR, LAST_YEAR = 1753, 9998
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_NUMBERS = frozenset(
    {"Integer", "BigInt", "Picklist", "State", "Status", "Money", "Decimal", "Double"}
)
_TRUTH = {"1": "true", "true": "true", "0": "false", "false": "false"}


class Operand(Struct, frozen=True):
    """A column of a source, asked about by somebody."""

    source: Source
    column: Column
    asking: Asking

    @property
    def sql(self) -> str:
        return self.source.sql(self.column)

    @property
    def is_date(self) -> bool:
        return self.column.kind == "DateTime" and self.column.behavior == "DateOnly"

    def stored(self, text: str) -> SqlValue:
        """A text as this column stores it; 400 (0x80040203) when it cannot be."""
        if self.column.kind == "DateTime":
            return self.moment(parse_moment(text))
        return literal_value(self.column, _node(self.column, text))

    def moment(self, moment: datetime) -> str:
        """A moment as stored; one without an offset is on the user's clock."""
        if self.is_date:
            local = moment if moment.tzinfo is None else self.asking().to_local(moment)
            return local.date().isoformat()
        if moment.tzinfo is None and self.column.behavior != "TimeZoneIndependent":
            moment = self.asking().from_local(moment)
        return stored_moment(moment.isoformat())


Operator: TypeAlias = Callable[[Operand, Sequence[str]], Sql]
"""A condition from its operand and the texts of its values."""


def parse_moment(text: str) -> datetime:
    """An ISO date or date-time that SQL Server can store; 400 for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid_argument(f"'{text}' is not a valid date-time.") from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise invalid_argument(f"'{text}' lies outside the range of a date-time.")
    return moment


def only(values: Sequence[str]) -> str:
    """The single value of a condition; 400 when there are none or several."""
    if len(values) != 1:
        raise invalid_argument(f"The condition takes one value, it has {len(values)}.")
    return values[0]


def whole(text: str) -> int:
    """A whole number; 400 for anything else."""
    if not re.fullmatch(r"[+-]?\d+", text):
        raise invalid_argument(f"'{text}' is not a whole number.")
    return int(text)


def _node(column: Column, text: str) -> ast._Node:
    if column.kind in TEXT_KINDS or column.is_lookup or column.kind == "Uniqueidentifier":
        return ast.String(text)
    if column.kind in _NUMBERS and (number := _NUMBER.fullmatch(text.strip())):
        return ast.Float(number[0]) if number[1] else ast.Integer(number[0])
    if column.kind == "Boolean" and text.lower() in _TRUTH:
        return ast.Boolean(_TRUTH[text.lower()])
    raise invalid_argument(f"'{text}' is no value for the column '{column.name}'.")
