"""Sums of constants are looked up where few are possible: the leading items of a score whose
contributions are constants count in steps of one unit, and the sum of their steps finds the total.

Only the leading ones, since what is added later may have been rounded, and then the order counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import gcd

from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.emit.frame import Frame

FEWEST = 3
"""Items that are worth a look-up."""
MOST = 500
"""Totals that are kept."""
_EXACT = 10**CONTEXT.prec
_STEPS = 3


def looked_up(frame: Frame, names: Sequence[str]) -> tuple[int, str]:
    """How many of the items lead, each the indicator of that name, and the code of their total."""
    for count in range(_leading(frame, names), FEWEST - 1, -1):
        leading = names[:count]
        kept = _kept(frame, leading)
        if kept is not None:
            _write_steps(frame, leading, *kept)
            table = frame.writer.object("totals", "", _totals(frame, leading, *kept))
            steps = (f"{frame.locals[name].landing}[{_STEPS}]" for name in leading)
            return count, f"{table}[{' + '.join(steps)}]"
    return 0, ""


def _leading(frame: Frame, names: Sequence[str]) -> int:
    """How many indicators there are before the first whose points a row decides."""
    for count, name in enumerate(names):
        if name in frame.worked or name not in frame.rests:
            return count
    return len(names)


def _kept(frame: Frame, names: Sequence[str]) -> tuple[int, int] | None:
    """Decimal places and the unit, in its last place; None: too many totals, or too long ones."""
    found = [each for name in names for each in frame.rests[name].values()]
    places = max(0, *(-int(each.as_tuple().exponent) for each in found))
    unit = gcd(*(_scaled(each, places) for each in found)) or 1
    least, most = _ends(frame, names, places)
    fits = most - least < MOST * unit and max(-least, most) < _EXACT
    return (places, unit) if fits else None


def _ends(frame: Frame, names: Sequence[str], places: int) -> tuple[int, int]:
    """The least and the largest total."""
    ways = [[_scaled(each, places) for each in frame.rests[name].values()] for name in names]
    return min(0, sum(map(min, ways))), max(0, sum(map(max, ways)))


def _scaled(value: Decimal, places: int) -> int:
    return int(CONTEXT.scaleb(value, places))


def _write_steps(frame: Frame, names: Sequence[str], places: int, unit: int) -> None:
    """Landings tell their steps, too."""
    landings = {at: each for name in names for at, each in frame.rests[name].items()}
    for at, contribution in landings.items():
        steps = _scaled(contribution, places) // unit
        frame.writer.constants[at] = (*frame.writer.constants[at], steps)


def _totals(frame: Frame, names: Sequence[str], places: int, unit: int) -> tuple[Decimal, ...]:
    """By steps; those below zero stand at the end, where negative indices lead."""
    least, most = (end // unit for end in _ends(frame, names, places))
    steps = (*range(most + 1), *range(least, 0))
    return tuple(CONTEXT.scaleb(Decimal(step * unit), -places) for step in steps)
