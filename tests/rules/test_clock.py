"""Where days begin (rules.md 3.5, 15.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gradesys.errors import RecordError, RuleError
from gradesys.records import Value
from gradesys.rules.clock import Calendar, Moment, calendar_of
from gradesys.rules.model import RuleModel
from tests.rules.moments import NOON, utc, wall


@pytest.mark.parametrize(
    ("value", "day", "instant"),
    [
        (date(2026, 6, 15), "2026-06-15", "2026-06-14T20:30:00Z"),
        (utc("2026-06-15T20:29:59Z"), "2026-06-15", "2026-06-15T20:29:59Z"),
        (utc("2026-06-15T20:30:00Z"), "2026-06-16", "2026-06-15T20:30:00Z"),
        (
            datetime.fromisoformat("2026-06-15T23:00:00+02:00"),
            "2026-06-16",
            "2026-06-15T21:00:00Z",
        ),
        (wall("2026-06-15T23:59"), "2026-06-15", "2026-06-15T20:29:00Z"),
        ("2026-06-15", "2026-06-15", "2026-06-14T20:30:00Z"),
        ("2026-06-15T20:30:00", "2026-06-16", "2026-06-15T20:30:00Z"),
    ],
)
def test_a_value_has_a_local_day_and_an_instant(value: Value, day: str, instant: str) -> None:
    assert NOON.local_date(value) == date.fromisoformat(day)
    assert NOON.instant(value) == utc(instant)


def test_null_has_neither_day_nor_instant() -> None:
    assert NOON.local_date(None) is None
    assert NOON.instant(None) is None


@pytest.mark.parametrize("value", [True, "tea"])
def test_what_is_no_date_has_no_day(value: Value) -> None:
    with pytest.raises(RecordError, match="a date is needed"):
        NOON.local_date(value)


@pytest.mark.parametrize("now", ["2026-06-14T20:30:00Z", "2026-06-15T20:29:59Z"])
def test_today_begins_and_ends_at_local_midnight(now: str) -> None:
    assert Moment(utc(now), NOON.calendar).today == date(2026, 6, 15)


def test_the_last_instants_that_a_date_can_have_do_not_overflow() -> None:
    last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    assert NOON.local_date(last) == date.max
    assert NOON.instant(date.min) == datetime(1, 1, 1, tzinfo=UTC)


def test_the_calendar_follows_the_model() -> None:
    model = RuleModel(table="account", timezone="Europe/Berlin", week_start="monday")
    assert calendar_of(model) == Calendar(ZoneInfo("Europe/Berlin"), "gregorian", 0, 1)


def test_every_wrong_part_of_the_calendar_is_named_with_the_nearest_right_one() -> None:
    model = RuleModel(table="account", timezone="Asia/Teheran", week_start="saturdey")
    with pytest.raises(RuleError) as caught:
        calendar_of(model)
    assert [str(problem) for problem in caught.value.problems] == [
        "timezone: unknown time zone 'Asia/Teheran'; did you mean 'Asia/Tehran'?",
        "week_start: unknown weekday 'saturdey'; did you mean 'saturday'?",
    ]


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Asia/Tehran", "2022-03-21T20:30:00Z"),
        ("Asia/Tehran", "1935-06-12T20:34:16Z"),
        ("America/New_York", "2026-11-01T06:00:00Z"),
        ("America/St_Johns", "2006-10-29T02:31:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
        ("America/Havana", "2026-11-01T05:00:00Z"),
        ("UTC", "9999-12-30T00:00:00Z"),
    ],
)
def test_a_local_day_is_that_of_the_zone_before_and_after_the_clock_changes(
    zone: str, change: str
) -> None:
    moment, local = Moment(NOON.now, Calendar(ZoneInfo(zone))), ZoneInfo(zone)

    for minutes in range(-48 * 60, 47 * 60, 13):
        instant = utc(change) + timedelta(minutes=minutes)
        assert moment.local_date(instant) == instant.astimezone(local).date()
