"""What a failed case expected and what it got, field by field: only what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from gradesys.rules.expectations import meets, told

NOTHING = "nothing"


class Difference(Struct, frozen=True):
    """``field``: a name of ``expect``, dotted for one indicator's value or points."""

    field: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.field}: expected {self.expected}, got {self.actual}"


def differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[Difference]:
    """Every field that is not as expected; ``actual``: the outcome of a scorecard."""
    for name, wanted in expected.items():
        if meets({name: wanted}, actual):
            continue
        if not isinstance(wanted, Mapping):
            yield Difference(name, _shown(wanted), _shown(told(actual[name])))
            continue
        for key, value in wanted.items():
            if not meets({name: {key: value}}, actual):
                got = _shown(told(actual[name][key])) if key in actual[name] else NOTHING
                yield Difference(f"{name}.{key}", _shown(value), got)


def _shown(value: Any) -> str:
    """A value as a case file would write it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value)
