"""Kinds of values told by their shape (rules.md 15.3, 15.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gradesys.errors import RecordError
from gradesys.records import Ref, Value
from gradesys.rules.values import identity, lacks_offset, number, shaped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-15", date(2026, 6, 15)),
        ("2026-06-15T20:30:00Z", datetime(2026, 6, 15, 20, 30, tzinfo=UTC)),
        ("2026-06-15T20:30", datetime(2026, 6, 15, 20, 30, tzinfo=UTC)),
        ("2026-06-15T00:00:00+03:30", datetime(2026, 6, 14, 20, 30, tzinfo=UTC)),
        ("2026-06-15T20:30:00.5Z", datetime(2026, 6, 15, 20, 30, 0, 500_000, tzinfo=UTC)),
        ("2026-06-15T20:30:00.1234567Z", datetime(2026, 6, 15, 20, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-02-30", None),
        ("2026-06-15T24:30:00Z", None),
        ("2026-06-15 20:30", None),
        ("20260615", None),
        ("2026-6-15", None),
        ("0001-01-01T00:00:00+03:30", None),
        ("۱۴۰۴-۰۱-۰۱", None),
        ("", None),
    ],
)
def test_text_has_the_shape_of_a_date_or_an_instant_or_none(
    text: str, expected: date | datetime | None
) -> None:
    found = shaped(text)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("2026-06-15T20:30:00", True),
        ("2026-06-15T20:30Z", False),
        ("2026-06-15", False),
        ("tea", False),
    ],
)
def test_only_a_date_time_can_lack_an_offset(text: str, lacking: bool) -> None:
    assert lacks_offset(text) is lacking


@pytest.mark.parametrize(
    ("value", "expected"), [(True, 1), (False, 0), (Decimal("1.50"), Decimal("1.5")), (None, None)]
)
def test_true_and_false_count_as_one_and_zero(value: Value, expected: Decimal | None) -> None:
    assert number(value) == expected


@pytest.mark.parametrize("value", ["5", date(2026, 6, 15), Ref("account", "a1")])
def test_text_dates_and_lookups_are_no_numbers(value: Value) -> None:
    with pytest.raises(RecordError, match="a number is needed"):
        number(value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Decimal(1), Decimal("1.00"), True),
        (Decimal(1), True, False),
        ("Tea", "tea", True),
        ("1", Decimal(1), False),
        (date(2026, 6, 15), datetime(2026, 6, 15, tzinfo=UTC), False),
        (datetime.fromisoformat("2026-06-15"), datetime(2026, 6, 15, tzinfo=UTC), False),
        (Ref("account", "a1"), Ref("account", "A1"), True),
        (Ref("account", "a1"), Ref("account", "a2"), False),
    ],
)
def test_values_are_counted_as_one_when_kind_and_value_agree(
    one: Value, other: Value, same: bool
) -> None:
    assert (identity(one) == identity(other)) is same
