"""The end of a complaint about a name: what was probably meant, at most two slips away."""

from __future__ import annotations

from collections.abc import Iterable

SLIPS = 2
SHORT = 3
"""Names up to this length have but one slip: with two, any short name is like any other."""


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or nothing when no known name is near."""
    near = [(slips, each) for each in set(known) if (slips := _near(name, each)) is not None]
    return f"; did you mean '{min(near)[1]}'?" if near else ""


def _near(name: str, known: str) -> int | None:
    """The slips between two names; None when they are too many to be slips."""
    most = SLIPS if max(len(name), len(known)) > SHORT else 1
    if name == known or abs(len(name) - len(known)) > most:
        return None
    count = distance(name.casefold(), known.casefold())
    return count if count <= most else None


def distance(one: str, other: str) -> int:
    """How many letters must be put in, left out, replaced or swapped with their neighbour."""
    before, row = list[int](), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row, older = row, [i], before
        before = previous
        for j, b in enumerate(other, 1):
            least = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                least = min(least, older[j - 2] + 1)
            row.append(least)
    return row[-1]
