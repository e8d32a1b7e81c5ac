"""Comparing a result with what a case expects: only what is named, null is a value (13, 15.9)."""

import datetime as dt
from decimal import Decimal

from tests.oracle.arithmetic import half_up
from tests.oracle.errors import InputError
from tests.oracle.result import Result
from tests.oracle.values import Node, Value, moment

_NAMES = {
    "score",
    "grade",
    "raw_grade",
    "earned",
    "in_population",
    "below_since",
    "values",
    "points",
    "reasons",
}


def differences(expect: dict[str, Node], result: Result) -> list[str]:
    """One line for every expectation that the result does not meet."""
    found = [] if result.error is None else [f"error: {result.error}"]
    for name, wanted in expect.items():
        if name not in _NAMES:
            raise InputError(f"unknown expectation: {name}")
        actual = getattr(result, name)
        if name in ("values", "points"):
            found += _named(name, wanted, actual)
        elif not _equal(wanted, actual):
            found.append(f"{name}: expected {wanted!r}, got {actual!r}")
    return found


def _named(kind: str, wanted: dict[str, Node], actual: dict[str, Value]) -> list[str]:
    return [
        f"{kind}.{name}: expected {value!r}, got {actual.get(name)!r}"
        for name, value in wanted.items()
        if name not in actual or not _equal(value, _shown_like(value, actual[name]))
    ]


def _shown_like(wanted: Node, actual: Value) -> Value:
    """A number rounded half up to the places that the expectation shows."""
    if not (isinstance(wanted, Decimal) and isinstance(actual, Decimal)):
        return actual
    exponent = wanted.as_tuple().exponent
    return half_up(actual, max(-exponent, 0) if isinstance(exponent, int) else 0)


def _equal(wanted: Node, actual: Node) -> bool:
    if isinstance(wanted, bool) or isinstance(actual, bool):
        return wanted is actual
    if isinstance(actual, dt.date) and isinstance(wanted, str):
        return moment(wanted) == actual
    return bool(wanted == actual)
