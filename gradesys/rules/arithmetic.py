"""The two ways of computing (rules.md section 5): 28 digits half to even for each operation, and
exactly, without any rounding, inside aggregates.

Neither context traps: a result that is not finite is null, and the caller says so in a note.
What expressions compute is written with plain operators, several times as fast as a context's
methods; whoever runs generated code does so inside ``computing()``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    getcontext,
    setcontext,
)
from typing import Any, NoReturn, TypeVar

from gradesys.errors import RecordError
from gradesys.records import Value
from gradesys.rules.values import number

T = TypeVar("T")

CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=[])
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, rounding=ROUND_HALF_EVEN, traps=[])

LARGEST_EXPONENT = 16
"""``a ** b`` is null for b beyond this, either way (15.1)."""

Note = Callable[[str], None]
Operation = Callable[[Value, Value, Note], Decimal | None]


def finite(result: Decimal, note: Note, remark: str) -> Decimal | None:
    """The result, or null and a remark where it is no number."""
    if result.is_finite():
        return result
    note(remark)
    return None


@contextmanager
def computing(context: Context = CONTEXT) -> Iterator[None]:
    """Plain operators give 28 digits while this is open, or are exact with ``EXACT``; the caller's
    own context comes back."""
    callers = getcontext()
    setcontext(context)
    try:
        yield
    finally:
        setcontext(callers)


def computed(run: Callable[..., T], *given: Any) -> T:
    """What ``run`` gives inside ``computing()``."""
    with computing():
        return run(*given)


def within(result: Decimal, note: Note) -> Decimal | None:
    """The result of an operation between two numbers, or null and a note."""
    return result if result.is_finite() else finite(result, note, "number too large")


def _operation(compute: Callable[[Decimal, Decimal], Decimal]) -> Operation:
    def operation(left: Any, right: Any, note: Note) -> Decimal | None:
        if left.__class__ is not Decimal or right.__class__ is not Decimal:
            if left is None or right is None:
                return None
            left, right = number(left), number(right)
        return within(compute(left, right), note)

    return operation


add = _operation(operator.add)
subtract = _operation(operator.sub)
multiply = _operation(operator.mul)


def divided(left: Any, right: Any) -> Decimal | None:
    """``/`` without a word about what has no result."""
    if left.__class__ is not Decimal or right.__class__ is not Decimal:
        if left is None or right is None:
            return None
        left, right = number(left), number(right)
    if not right:
        return None
    result: Decimal = left / right
    return result if result.is_finite() else None


def quotient(left: Value, right: Value, note: Note) -> Decimal | None:
    """``/``: null and a note when the divisor is zero."""
    result = divided(left, right)
    if result is None and left is not None and right is not None:
        note("number too large" if number(right) else "division by zero")
    return result


def power(left: Value, right: Value, note: Note) -> Decimal | None:
    """``**``: null and a note where the rules give no result (15.1)."""
    if left is None or right is None:
        return None
    a, b = number(left), number(right)
    if not a and not b:
        return Decimal(1)
    if (
        b.copy_abs() > LARGEST_EXPONENT
        or (not a and b < 0)
        or (a < 0 and b != b.to_integral_value())
    ):
        note("power without a result")
        return None
    return finite(CONTEXT.power(a, b), note, "number too large")


def negate(value: Value) -> Decimal | None:
    """Unary minus."""
    return None if value is None else CONTEXT.minus(number(value))


def plus(value: Value) -> Decimal | None:
    """Unary plus."""
    return None if value is None else CONTEXT.plus(number(value))


def largest(items: Iterable[Decimal]) -> Decimal | None:
    """Null without items."""
    return max(items, default=None)


def smallest(items: Iterable[Decimal]) -> Decimal | None:
    """Null without items."""
    return min(items, default=None)


def too_large() -> NoReturn:
    """A score that is no number can neither be written nor explained."""
    raise RecordError("a number is too large")
