"""Why this score: one JSON schema for record, studio, form card and command line (section 14).

Numbers are strings, so that no reader loses a digit. Parts, group clamps, base, scale and rounding
add up exactly to a sum or an average; other combinations are explained but need not add up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from gradesys.records import Ref, Value
from gradesys.rules.account import Part
from gradesys.rules.model import RuleModel, Title
from gradesys.rules.rounding import exact_sum
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.windows import Span

STORED_LENGTH = 4000
"""Characters stored at most; the smallest parts are folded into ``others`` to keep to it."""

LONGEST_TEXT = 200
"""Characters of a part's value."""


def explain(model: RuleModel, card: Scorecard) -> dict[str, Any]:
    """The explanation in full, as JSON data."""
    return _document(model, card, card.breakdown.parts)


def explanation_text(model: RuleModel, card: Scorecard, limit: int = STORED_LENGTH) -> str | None:
    """Compact JSON of at most ``limit`` characters; None outside the population.

    The parts with the smallest contributions are folded first, then notes go.
    """
    if not card.in_population:
        return None
    parts = card.breakdown.parts
    by_size = sorted(parts, key=lambda part: abs(part.contribution), reverse=True)
    for kept in range(len(parts), -1, -1):
        named = {part.indicator for part in by_size[:kept]}
        text = _text(_document(model, card, [part for part in parts if part.indicator in named]))
        if len(text) <= limit:
            return text
    return _text(_document(model, card, (), notes=False))


def json_value(value: Value) -> Any:
    """A value as JSON data: numbers as plain decimal text, lookups as their id."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.id if isinstance(value, Ref) else value


def _document(
    model: RuleModel, card: Scorecard, shown: Sequence[Part], notes: bool = True
) -> dict[str, Any]:
    breakdown = card.breakdown
    document = {
        "model": card.model,
        "version": card.version,
        "as_of": _instant(card.as_of),
        "score": json_value(card.score),
        "grade": json_value(card.grade),
        "raw_grade": json_value(card.raw_grade),
        "parts": [_part(model, part) for part in shown],
        "base": json_value(breakdown.base),
        "groups": {name: json_value(clamp) for name, clamp in breakdown.groups.items()},
        "scale": json_value(breakdown.scale),
        "rounding": json_value(breakdown.rounding),
        "notes": list(card.notes) if notes else [],
        "next_grade": _next_grade(model, card),
    }
    if len(shown) < len(breakdown.parts):
        document["others"] = _others(breakdown.parts, shown)
    return document


def _part(model: RuleModel, part: Part) -> dict[str, Any]:
    node = model.indicators[part.indicator]
    return {
        "indicator": part.indicator,
        "title": _title(node.title),
        "reason": node.reason,
        "value": _shortened(json_value(part.value)),
        "rows": None if part.rows is None else str(part.rows),
        "window": _window(part.window),
        "points": json_value(part.points),
        "weight": json_value(part.weight),
        "contribution": json_value(part.contribution),
        "lost_to_cap": json_value(part.lost_to_cap),
    }


def _shortened(value: Any) -> Any:
    """Text of a memo column need not crowd out the other parts."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[: LONGEST_TEXT - 1]}…"
    return value


def _others(parts: Sequence[Part], shown: Sequence[Part]) -> dict[str, str]:
    """What was folded: how many parts, and what they contributed together."""
    named = {part.indicator for part in shown}
    rest = [part.contribution for part in parts if part.indicator not in named]
    return {"parts": str(len(rest)), "contribution": str(json_value(exact_sum(rest)))}


def _next_grade(model: RuleModel, card: Scorecard) -> dict[str, Any] | None:
    if card.next_grade is None or model.grades is None:
        return None
    grade, missing = card.next_grade
    title = next(band.title for band in model.grades.bands if band.grade == grade)
    return {"grade": json_value(grade), "title": _title(title), "missing": json_value(missing)}


def _title(title: Title | None) -> dict[str, str] | None:
    return None if title is None else title.texts


def _window(window: Span | None) -> list[str | None] | None:
    if window is None:
        return None
    return [None if end is None else end.isoformat() for end in window]


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
