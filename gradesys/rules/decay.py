"""How much a row still counts at its age (rules.md 3.2): factors between 0 and 1, 12 places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from gradesys.errors import Problem, RuleError
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.calendars import duration
from gradesys.rules.model import Decay
from gradesys.rules.problems import at
from gradesys.rules.rounding import rounded

PLACES = 12
Factor = Callable[[Decimal], Decimal]
"""From an age in whole days to an unrounded factor."""


def compile_decay(decay: Decay) -> Callable[[date | None, date], Decimal]:
    """(a row's local day, today) -> factor. Raises RuleError, paths relative to the decay."""
    forms = [form for form in DECAYS if getattr(decay, form) is not None]
    if len(forms) != 1:
        raise _error("exactly one of half_life, every, until is needed")
    if (decay.rate is None) == (forms == ["every"]):
        raise _error("rate belongs to every")
    form = forms[0]
    factor = DECAYS[form](decay, at((form,), lambda: _days(getattr(decay, form))))
    of_age = lru_cache(maxsize=4096)(lambda age: rounded(factor(Decimal(age)), PLACES))

    def weigh(day: date | None, today: date) -> Decimal:
        return Decimal(0) if day is None else of_age(max((today - day).days, 0))

    return weigh


def _days(text: str) -> Decimal:
    length = duration(text)
    if not length.days:
        raise _error("a decay is measured in days or weeks, at least one")
    return Decimal(length.days)


def _half_life(decay: Decay, days: Decimal) -> Factor:
    return lambda age: CONTEXT.power(Decimal("0.5"), CONTEXT.divide(age, days))


def _every(decay: Decay, days: Decimal) -> Factor:
    rate = decay.rate or Decimal(0)
    if not 0 <= rate <= 1:
        raise RuleError((Problem(("rate",), "a rate lies between 0 and 1"),))
    kept = CONTEXT.subtract(Decimal(1), rate)

    def factor(age: Decimal) -> Decimal:
        steps = CONTEXT.divide_int(age, days)
        return CONTEXT.power(kept, steps) if steps else Decimal(1)

    return factor


def _until(decay: Decay, days: Decimal) -> Factor:
    return lambda age: max(CONTEXT.subtract(Decimal(1), CONTEXT.divide(age, days)), Decimal(0))


def _error(message: str) -> RuleError:
    return RuleError((Problem((), message),))


DECAYS: dict[str, Callable[[Decay, Decimal], Factor]] = {
    "half_life": _half_life,
    "every": _every,
    "until": _until,
}
