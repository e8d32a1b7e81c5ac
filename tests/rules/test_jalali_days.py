"""Every day of 1390 to 1420 in Tehran: Jalali periods begin and end where the official calendar has
them, counted here by hand from one known New Year and the list of leap years.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from gradesys.rules.clock import Moment
from gradesys.rules.windows import compile_window
from tests.rules.moments import JALALI
from tests.rules.test_windows import window

NEW_YEAR_1390 = date(2011, 3, 21)
LEAP = {1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420}
TEHRAN = ZoneInfo("Asia/Tehran")
SECOND = timedelta(seconds=1)


class Day(NamedTuple):
    """A day, and the first days of its month and of the next one, of its quarter, of its year."""

    day: date
    month: tuple[date, date]
    quarter: tuple[date, date]
    year: tuple[date, date]


def lengths(year: int) -> list[int]:
    return [31] * 6 + [30] * 5 + [30 if year in LEAP else 29]


def days() -> Iterator[Day]:
    new_year = NEW_YEAR_1390
    for year in range(1390, 1421):
        starts = [new_year]
        for length in lengths(year):
            starts.append(starts[-1] + timedelta(days=length))
        for index in range(12):
            quarter = index - index % 3
            first, after = starts[index], starts[index + 1]
            for number in range((after - first).days):
                yield Day(
                    first + timedelta(days=number),
                    (first, after),
                    (starts[quarter], starts[quarter + 3]),
                    (starts[0], starts[12]),
                )
        new_year = starts[12]


EVERY = list(days())
SPANS = {
    name: compile_window(window({"period": name}), JALALI) for name in ("month", "quarter", "year")
}


@pytest.mark.parametrize("period", SPANS)
def test_a_period_is_the_official_one_on_every_day(period: str) -> None:
    assert len(EVERY) == 31 * 365 + len(LEAP)
    wrong = [each for each in EVERY if SPANS[period](each.day) != getattr(each, period)]
    assert wrong == []


@pytest.mark.parametrize("back", [1, 3, 12])
def test_the_last_months_end_today_and_tile(back: int) -> None:
    spans = [
        compile_window(window({"last": f"{back} months", "offset": k}), JALALI) for k in (0, -1)
    ]
    for each in EVERY:
        (start, end), (_, before) = (span(each.day) for span in spans)
        assert end == each.day + timedelta(days=1)
        assert before == start


def test_a_month_begins_at_the_first_instant_of_its_first_local_day() -> None:
    for start in sorted({each.month[0] for each in EVERY}):
        midnight = datetime.combine(start, time.min, TEHRAN).astimezone(UTC)
        moment = Moment(midnight, JALALI)
        assert moment.local_date(midnight) == start
        assert moment.local_date(midnight - SECOND) == start - timedelta(days=1)
