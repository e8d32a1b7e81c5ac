"""Grouping by a part of a date: ``dategrouping`` and its readers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from emulator.definitions import Column
from emulator.errors import Unsupported, invalid_argument
from emulator.query.aggregates import KeyReader
from emulator.query.asker import Asker
from emulator.query.fetchxml.model import Attribute
from emulator.query.shape import RawRow


def _week(moment: datetime) -> int:
    """SQL Server's week: the first one has 1 January, each begins on Sunday."""
    first = moment.replace(month=1, day=1)
    days = moment.timetuple().tm_yday - 1 + (first.weekday() + 1) % 7
    return days // 7 + 1


_PARTS: Mapping[str, Callable[[datetime], int]] = {
    "day": lambda moment: moment.day,
    "week": _week,
    "month": lambda moment: moment.month,
    "quarter": lambda moment: (moment.month + 2) // 3,
    "year": lambda moment: moment.year,
    "fiscal-year": lambda moment: moment.year,
}


def part_reader(item: Attribute, column: Column, at: int, asker: Asker) -> KeyReader:
    """Reads the part of the date at a place in raw rows, on the user's clock unless in UTC."""
    if item.part == "fiscal-period":
        raise Unsupported("the dategrouping fiscal-period")
    take = _PARTS.get(item.part or "")
    if take is None:
        raise invalid_argument(f"The dategrouping '{item.part}' is not valid.")
    if column.kind != "DateTime":
        raise invalid_argument(f"The column '{column.name}' is no date-time.")
    local = item.user_zone and column.behavior == "UserLocal"

    def read(row: RawRow) -> int | None:
        if row[at] is None:
            return None
        moment = datetime.fromisoformat(row[at])
        if local:
            moment = asker.to_local(moment.replace(tzinfo=UTC))
        return take(moment)

    return read


def part_text(part: str, value: int) -> str:
    """The formatted value."""
    return f"FY{value}" if part == "fiscal-year" else f"{value:,}"
