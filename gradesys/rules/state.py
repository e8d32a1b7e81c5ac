"""The day state: what an evaluation starts from, and what tomorrow's will (rules.md section 6).

Every evaluation of a local day starts from the end of the day before, so that a day's evaluations
are idempotent and may come in any order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

Grade = str | Decimal


class Snapshot(Struct, frozen=True):
    """What was shown and earned at one moment. ``grade_since`` is kept only for its output role."""

    grade: Grade | None = None
    earned: Grade | None = None
    below_since: date | None = None
    score: Decimal | None = None
    grade_since: date | None = None


NOTHING = Snapshot()


class DayState(Struct, frozen=True):
    """``day``: the local day of the evaluation that wrote it; ``before``: what it started from."""

    day: date
    before: Snapshot
    now: Snapshot

    def previous(self, today: date) -> Snapshot:
        """What an evaluation of ``today`` starts from."""
        return self.before if self.day == today else self.now


def read_state(text: str) -> DayState | None:
    """The state that ``write_state`` wrote; None for any other text."""
    try:
        data = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        return DayState(
            date.fromisoformat(data["day"]), _snapshot(data["before"]), _snapshot(data["now"])
        )
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation, RecursionError):
        return None


def write_state(state: DayState) -> str:
    """Compact JSON; the score is a string, so that no reader loses a digit."""
    data = {"day": state.day.isoformat(), "before": _data(state.before), "now": _data(state.now)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _snapshot(data: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        grade=_grade(data.get("grade")),
        earned=_grade(data.get("earned")),
        below_since=_day(data.get("below_since")),
        score=_number(data.get("score")),
        grade_since=_day(data.get("grade_since")),
    )


def _data(snapshot: Snapshot) -> dict[str, object]:
    data: dict[str, object] = {
        "grade": _plain(snapshot.grade),
        "earned": _plain(snapshot.earned),
        "below_since": None if snapshot.below_since is None else snapshot.below_since.isoformat(),
        "score": None if snapshot.score is None else str(snapshot.score),
    }
    if snapshot.grade_since is not None:
        data["grade_since"] = snapshot.grade_since.isoformat()
    return data


def _plain(grade: Grade | None) -> str | int | None:
    return int(grade) if isinstance(grade, Decimal) else grade


def _grade(value: object) -> Grade | None:
    if value is None or isinstance(value, str | Decimal):
        return value
    raise ValueError("a grade is text or a number")


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _number(value: Any) -> Decimal | None:
    if value is None:
        return None
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("a score is a finite number")
    return number
