"""The two ways of computing (rules.md section 5): 28 digits half to even for each operation, and
exactly, without any rounding, inside aggregates.

Neither context traps: a result that is not finite is null, and the caller says so in a note.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal

from gradesys.records import Value
from gradesys.rules.values import number

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


def _operation(compute: Callable[[Decimal, Decimal], Decimal]) -> Operation:
    def operation(left: Value, right: Value, note: Note) -> Decimal | None:
        if left is None or right is None:
            return None
        a, b = number(left), number(right)
        return finite(compute(a, b), note, "number too large")

    return operation


def _divide(left: Value, right: Value, note: Note) -> Decimal | None:
    if left is None or right is None:
        return None
    a, b = number(left), number(right)
    if not b:
        note("division by zero")
        return None
    return finite(CONTEXT.divide(a, b), note, "number too large")


def _power(left: Value, right: Value, note: Note) -> Decimal | None:
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


OPERATIONS: dict[str, Operation] = {
    "+": _operation(CONTEXT.add),
    "-": _operation(CONTEXT.subtract),
    "*": _operation(CONTEXT.multiply),
    "/": _divide,
    "**": _power,
}
