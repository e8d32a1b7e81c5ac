"""Cells with which a sample's row passes a filter, or does not, as far as that is simple."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from gradesys.rules.windows import relative_day

Cells = dict[str, Any]


def satisfying(filter: Mapping[str, Any] | None, today: date) -> Cells:
    """Cells that a row must have to pass the filter, as far as that is simple."""
    found: Cells = {}
    for key, condition in (filter or {}).items():
        if key in ("all", "any"):
            members = condition[: 1 if key == "any" else None]
            found |= {k: v for each in members for k, v in satisfying(each, today).items()}
        elif key != "not" and "." not in key:
            found.update((key, value) for value in _values(condition, today))
    return found


def failing(filter: Mapping[str, Any] | None, today: date) -> Cells:
    """Cells of a row that does not pass: those that pass, the first of them changed."""
    found = satisfying(filter, today)
    for key, value in list(found.items())[:1]:
        found[key] = _moved(1)(value, today)
        if found[key] == value:
            found[key] = f"not {value}"
    return found


def _values(condition: Any, today: date) -> Iterator[Any]:
    if isinstance(condition, list | tuple):
        yield from [_plain(condition[0], today)] if condition else []
    elif isinstance(condition, Mapping):
        for name, operand in condition.items():
            if name in _FITTING:
                yield _FITTING[name](operand, today)
    elif condition is not None:
        yield _plain(condition, today)


def _plain(operand: Any, today: date) -> Any:
    relative = relative_day(operand) if isinstance(operand, str) else None
    return operand if relative is None else relative(today).isoformat()


def _first(operand: Any, today: date) -> Any:
    return _plain(operand[0], today)


def _moved(steps: int) -> Callable[[Any, date], Any]:
    """A number or a day so many steps beside the operand."""

    def move(operand: Any, today: date) -> Any:
        plain = _plain(operand, today)
        if isinstance(plain, Decimal):
            return plain + steps
        try:
            return (date.fromisoformat(plain) + timedelta(days=steps)).isoformat()
        except (TypeError, ValueError):
            return plain

    return move


_FITTING: Mapping[str, Callable[[Any, date], Any]] = {
    **dict.fromkeys(("eq", "ge", "le", "contains", "starts_with", "ends_with"), _plain),
    **dict.fromkeys(("in", "between"), _first),
    "gt": _moved(1),
    "lt": _moved(-1),
    "within": lambda operand, today: today.isoformat(),
}
"""Operator -> a value that passes it."""
