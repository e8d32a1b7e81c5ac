"""The day state as text (rules.md section 6, State)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from gradesys.rules.state import NOTHING, DayState, Snapshot, read_state, write_state

MONDAY, TUESDAY = date(2026, 6, 15), date(2026, 6, 16)
BEFORE = Snapshot("ممتاز", "A", date(2026, 5, 1), Decimal("70.80"))
NOW = Snapshot(Decimal(921500001), Decimal(2), None, Decimal("1e2"), date(2026, 6, 1))


@pytest.mark.parametrize("state", [DayState(MONDAY, BEFORE, NOW), DayState(MONDAY, NOTHING, NOW)])
def test_what_is_written_is_read_again(state: DayState) -> None:
    assert read_state(write_state(state)) == state


def test_the_text_has_the_documented_keys() -> None:
    assert json.loads(write_state(DayState(MONDAY, NOTHING, BEFORE))) == {
        "day": "2026-06-15",
        "before": {"grade": None, "earned": None, "below_since": None, "score": None},
        "now": {"grade": "ممتاز", "earned": "A", "below_since": "2026-05-01", "score": "70.80"},
    }


@pytest.mark.parametrize(("today", "expected"), [(MONDAY, BEFORE), (TUESDAY, NOW)])
def test_a_day_starts_from_the_end_of_the_day_before(today: date, expected: Snapshot) -> None:
    assert DayState(MONDAY, BEFORE, NOW).previous(today) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gold",
        "[]",
        "{}",
        '{"day":"2026-06-15","before":{}}',
        '{"day":"15 June","before":{},"now":{}}',
        '{"day":"2026-06-15","before":{},"now":{"grade":["A"]}}',
        '{"day":"2026-06-15","before":{},"now":{"score":"much"}}',
        '{"day":"2026-06-15","before":{},"now":{"score":NaN}}',
        '{"day":"2026-06-15","before":null,"now":{}}',
        "[" * 100_000,
    ],
)
def test_any_other_text_is_no_state(text: str) -> None:
    assert read_state(text) is None
