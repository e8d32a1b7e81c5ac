"""Windows worked by hand; Khordad 1405 and the clamped month are the reference's own (3.5)."""

import pytest

from tests.oracle.clock import model_clock
from tests.oracle.loading import load
from tests.oracle.values import moment
from tests.oracle.windows import in_window, window_range

_MONDAY = "2026-06-15T12:00:00+03:30"  # 25 Khordad 1405
_MARCH = "2026-03-30T12:00:00+03:30"


@pytest.mark.parametrize(
    ("as_of", "text", "start", "end"),
    [
        (_MARCH, "{last: 1 month}", "2026-02-28", "2026-03-31"),
        (_MARCH, "{last: 1 month, offset: -1}", "2026-01-31", "2026-02-28"),
        (_MONDAY, "{last: 30 days}", "2026-05-17", "2026-06-16"),
        (_MONDAY, "{last: 2 weeks, offset: 1}", "2026-06-16", "2026-06-30"),
        (_MONDAY, "{next: 1 day}", "2026-06-15", "2026-06-16"),
        (_MONDAY, "{next: 2 months, offset: -1}", "2026-04-15", "2026-06-15"),
        (_MONDAY, "{next: 1 year}", "2026-06-15", "2027-06-15"),
        (_MONDAY, "{period: month, calendar: jalali}", "2026-05-22", "2026-06-22"),
        (_MONDAY, "{period: month, calendar: jalali, to_date: true}", "2026-05-22", "2026-06-16"),
        (_MONDAY, "{period: month, offset: -1, to_date: true}", "2026-05-01", "2026-06-01"),
        (_MONDAY, "{period: day, offset: -1}", "2026-06-14", "2026-06-15"),
        (_MONDAY, "{period: week}", "2026-06-13", "2026-06-20"),
        (_MONDAY, "{period: week, week_start: monday, offset: 1}", "2026-06-22", "2026-06-29"),
        (_MONDAY, "{period: quarter, offset: -1}", "2026-01-01", "2026-04-01"),
        (_MONDAY, "{period: year, calendar: jalali}", "2026-03-21", "2027-03-21"),
        (_MONDAY, "{period: fiscal_year}", "2026-01-01", "2027-01-01"),
        (_MONDAY, "{period: fiscal_year, fiscal_year_start: 7}", "2025-07-01", "2026-07-01"),
        (_MONDAY, "{period: fiscal_quarter, fiscal_year_start: 2}", "2026-05-01", "2026-08-01"),
        (_MONDAY, "{from: 2026-03-21}", "2026-03-21", None),
        (_MONDAY, "{from: '@today-7', to: '@today'}", "2026-06-08", "2026-06-15"),
    ],
)
def test_a_window_has_the_days_worked_by_hand(
    as_of: str, text: str, start: str, end: str | None
) -> None:
    wanted = (moment(start), None if end is None else moment(end))
    assert window_range(load(text), model_clock({}, as_of)) == wanted


@pytest.mark.parametrize(
    ("date", "inside"),
    [
        ("2026-05-21T20:30:00Z", True),
        ("2026-05-21T20:29:59Z", False),
        ("2026-06-21T20:29:59.999Z", True),
        ("2026-06-21T20:30:00Z", False),
        ("2026-05-22", True),
        ("2026-06-22", False),
    ],
)
def test_only_the_local_date_of_a_row_matters(date: str, inside: bool) -> None:
    window = load("{period: month, calendar: jalali}")
    assert in_window(moment(date), window, model_clock({}, _MONDAY)) is inside


def test_neighbouring_windows_tile() -> None:
    clock = model_clock({"calendar": "jalali"}, "2026-03-30T23:59:59+03:30")
    ranges = [window_range({"last": "1 month", "offset": k}, clock) for k in range(-30, 3)]
    assert [end for _, end in ranges[:-1]] == [start for start, _ in ranges[1:]]
