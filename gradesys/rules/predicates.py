"""A filter's conditions and how they combine, in two-valued logic (rules.md 3.4).

Test and narrowing are built together, so that the two readings of a filter cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gradesys.records import Narrowing, Row
from gradesys.rules.clock import Moment
from gradesys.rules.narrowing import every, some


class Predicate(Struct, frozen=True):
    """``narrow(moment, wanted)``: rows for which ``test`` may give ``wanted``; where ``exact``, all
    of them do."""

    columns: frozenset[str]
    test: Callable[[Row, Moment], bool]
    narrow: Callable[[Moment, bool], Narrowing]
    exact: Callable[[Moment], bool]
    moves: bool = False


def not_(part: Predicate) -> Predicate:
    """The exact opposite, also for null."""
    return replace(
        part,
        test=lambda row, moment: not part.test(row, moment),
        narrow=lambda moment, wanted: part.narrow(moment, not wanted),
    )


def all_(parts: Sequence[Predicate]) -> Predicate:
    """True when every part is; no parts: true."""
    if len(parts) == 1:
        return parts[0]
    tests = [part.test for part in parts]

    def narrow(moment: Moment, wanted: bool) -> Narrowing:
        return (every if wanted else some)(part.narrow(moment, wanted) for part in parts)

    return Predicate(
        frozenset().union(*(part.columns for part in parts)),
        lambda row, moment: all(test(row, moment) for test in tests),
        narrow,
        lambda moment: all(part.exact(moment) for part in parts),
        any(part.moves for part in parts),
    )


def any_(parts: Sequence[Predicate]) -> Predicate:
    """True when one part is; no parts: false."""
    opposite = all_([not_(part) for part in parts])
    tests = [part.test for part in parts]
    return replace(
        not_(opposite), test=lambda row, moment: any(test(row, moment) for test in tests)
    )
