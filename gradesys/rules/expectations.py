"""Comparing a scorecard with what a case expects: only what is named, null is a value (15.9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gradesys.records import Ref, Value
from gradesys.rules.explanation import json_value
from gradesys.rules.rounding import rounded
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.values import shaped

NAMES = (
    "score",
    "grade",
    "raw_grade",
    "earned",
    "in_population",
    "below_since",
    "values",
    "points",
    "reasons",
)
"""What ``expect`` may name."""

_MAPS = frozenset({"values", "points"})


def outcome(card: Scorecard) -> dict[str, Any]:
    """Everything that a case can expect of a scorecard, reasons as a list."""
    found = {name: getattr(card, name) for name in NAMES}
    return {**found, "reasons": list(card.reasons)}


def meets(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> bool:
    """True when all that is expected is so; values and points to the places that are shown."""
    return all(
        _members_meet(wanted, actual[name]) if name in _MAPS else _equal(wanted, actual[name])
        for name, wanted in expected.items()
    )


def told(outcome: Any) -> Any:
    """The same as JSON data, numbers still Decimal: dates as text, lookups as their id."""
    if isinstance(outcome, Mapping):
        return {name: told(value) for name, value in outcome.items()}
    if isinstance(outcome, list):
        return [told(value) for value in outcome]
    return outcome if isinstance(outcome, Decimal) else json_value(outcome)


def _members_meet(wanted: Any, actual: Mapping[str, Value]) -> bool:
    return isinstance(wanted, dict) and all(
        name in actual and _equal(value, _as_shown(value, actual[name]))
        for name, value in wanted.items()
    )


def _as_shown(wanted: Any, actual: Value) -> Value:
    if not isinstance(wanted, Decimal) or not isinstance(actual, Decimal):
        return actual
    exponent = wanted.as_tuple().exponent
    return rounded(actual, max(0, -exponent) if isinstance(exponent, int) else 0)


def _equal(wanted: Any, actual: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(actual, bool):
        return wanted is actual
    if isinstance(actual, date) and isinstance(wanted, str):
        return shaped(wanted) == actual
    if isinstance(actual, Ref) and wanted is not None:
        return str(wanted).lower() == actual.id
    return bool(wanted == actual)
