"""Which annotations a client asked for, and how values look to a person (language 1033)."""

from collections.abc import Callable
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct

from emulator.definitions import CHOICES, Choice, Column, Definitions
from emulator.rows.values import MONEY_DECIMALS, decimal_from_sql
from emulator.seeds import BASE_LANGUAGE

FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOOKUP_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"
METADATA_VERSION = "Microsoft.Dynamics.CRM.globalmetadataversion"
TOTAL = "Microsoft.Dynamics.CRM.totalrecordcount"
TOTAL_EXCEEDED = "Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"

Formatter = Callable[[Any], str]


class Wanted(Struct, frozen=True):
    """The patterns of ``odata.include-annotations``, in the language of the labels."""

    patterns: tuple[str, ...] = ()
    language: int = BASE_LANGUAGE

    def __contains__(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)


NOTHING = Wanted()


def parse_wanted(text: str) -> Wanted:
    """From the preference's value, e.g. ``*`` or a comma-separated list."""
    patterns = [part.strip() for part in text.strip('"').split(",")]
    return Wanted(tuple(part for part in patterns if part))


def formatter(definitions: Definitions, column: Column, language: int) -> Formatter | None:
    """SQLite value -> text for a person; None for columns that have no such text."""
    if column.kind in CHOICES:
        return _labels(definitions.choice_of(column), language)
    if column.kind == "DateTime":
        return _date if column.format == "DateOnly" else _moment
    return _FORMATTERS.get(column.kind)


def label(labels: dict[int, str], language: int) -> str:
    """The label in the language, else in the base language."""
    return labels.get(language) or labels.get(BASE_LANGUAGE, "")


def _labels(choice: Choice | None, language: int) -> Formatter:
    texts = {
        option.value: label(option.labels, language)
        for option in (choice.options if choice else ())
    }
    return lambda value: texts.get(int(value), str(value))


def _whole(value: Any) -> str:
    return f"{int(value):,}"


def _decimal(value: Any) -> str:
    return _grouped(decimal_from_sql(value))


def money_text(value: str) -> str:
    """``<symbol>:<SQLite value>``, as ``shape`` reads amounts, for a person: ``$1,250.50``."""
    symbol, _, digits = value.rpartition(":")
    amount = decimal_from_sql(digits, MONEY_DECIMALS)
    return f"{'-' if amount < 0 else ''}{symbol}{_grouped(abs(amount))}"


def _grouped(value: Decimal) -> str:
    return f"{value:,.2f}"


def _double(value: Any) -> str:
    return f"{value:,.2f}"


def _date(value: Any) -> str:
    year, month, day = value[:10].split("-")
    return f"{int(month)}/{int(day)}/{year}"


def _moment(value: Any) -> str:
    hour, minute = int(value[11:13]), value[14:16]
    half = "AM" if hour < 12 else "PM"
    return f"{_date(value)} {hour % 12 or 12}:{minute} {half}"


_FORMATTERS: dict[str, Formatter] = {
    "Integer": _whole,
    "BigInt": str,
    "Double": _double,
    "Decimal": _decimal,
}
