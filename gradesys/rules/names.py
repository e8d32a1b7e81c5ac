"""Which names an expression may use where, and in which order values are computed (15.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from msgspec import Struct

from gradesys.rules.expressions import Expression
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings, Path


class Use(Struct, frozen=True):
    """An expression at its place. ``bound`` names are visible only there."""

    path: Path
    expression: Expression
    bound: frozenset[str] = frozenset()
    points: bool = False


def check_names(
    uses: Iterable[Use], indicators: Collection[str], params: Collection[str], found: Findings
) -> None:
    """Note every unknown name, and every ``points(x)`` where it is not allowed."""
    for use in uses:
        visible = {*use.bound, *indicators, *params}
        for name in sorted(use.expression.names - visible):
            found.note(use.path, f"unknown name '{name}'{nearest(name, visible)}")
        for name in sorted(use.expression.points_of):
            if not use.points:
                found.note(use.path, "points() is not available here")
            elif name not in indicators:
                found.note(use.path, f"unknown indicator '{name}'{nearest(name, indicators)}")


def dependency_order(needs: Mapping[str, frozenset[str]], found: Findings) -> tuple[str, ...]:
    """Indicators so that each comes after those it needs; a cycle is noted at its first member."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, others in needs.items():
        sorter.add(name, *sorted(others & needs.keys()))
    try:
        return tuple(sorter.static_order())
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        found.note(("indicators", cycle[0]), f"cycle: {' needs '.join(cycle)}")
        return ()
