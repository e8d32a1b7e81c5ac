"""``$apply``: filters, then grouping, aggregation or both (dataverse.md 3.5)."""

import re
from collections.abc import Sequence

from msgspec import Struct

from emulator.errors import Unsupported, bad_query
from emulator.query.options import split_outside

_STEP = re.compile(r"(\w+)\s*\((.*)\)", re.DOTALL)
_GROUPS = re.compile(r"\(([^()]*)\)\s*(?:,\s*aggregate\s*\((.*)\))?", re.DOTALL)
_FIGURE = re.compile(r"([\w/]+)\s+with\s+(\w+)\s+as\s+(\w+)")
_COUNT = re.compile(r"\$count\s+as\s+(\w+)")
_METHODS = {
    "sum": "sum",
    "average": "avg",
    "min": "min",
    "max": "max",
    "countdistinct": "countdistinct",
}


class Figure(Struct, frozen=True):
    """A figure to compute; ``path`` is None for ``$count``."""

    alias: str
    function: str
    path: str | None = None


class Apply(Struct, frozen=True):
    """The conditions in order, the paths to group by (None without grouping), the figures."""

    filters: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None
    figures: tuple[Figure, ...] = ()


def parse_apply(text: str) -> Apply:
    """The transformations; 400 for a syntax error, 501 for others than those Dataverse knows."""
    filters: list[str] = []
    steps = list(split_outside(text, "/"))
    for at, step in enumerate(steps):
        name, inner = _step(step)
        if name == "filter":
            filters.append(inner)
            continue
        if at + 1 < len(steps):
            raise Unsupported(f"a transformation after {name} in $apply")
        return _last(tuple(filters), name, inner)
    raise Unsupported("$apply without groupby or aggregate")


def _last(filters: tuple[str, ...], name: str, inner: str) -> Apply:
    if name == "aggregate":
        return Apply(filters, None, _figures(inner))
    match = _GROUPS.fullmatch(inner.strip())
    if match is None:
        raise bad_query(f"Syntax error in '$apply=groupby({inner})'.")
    groups = tuple(split_outside(match[1], ","))
    if not groups:
        raise bad_query("groupby needs at least one property.")
    return Apply(filters, groups, _figures(match[2]) if match[2] is not None else ())


def _step(step: str) -> tuple[str, str]:
    match = _STEP.fullmatch(step)
    if match is None:
        raise bad_query(f"Syntax error in '$apply': '{step}'.")
    if match[1] not in ("filter", "groupby", "aggregate"):
        raise Unsupported(f"the transformation {match[1]} in $apply")
    return match[1], match[2]


def _figures(text: str) -> tuple[Figure, ...]:
    figures = tuple(_figure(part) for part in split_outside(text, ","))
    names = [figure.alias for figure in figures]
    if not figures or len(set(names)) < len(names):
        raise bad_query(f"Syntax error in '$apply=aggregate({text})'.")
    return figures


def _figure(text: str) -> Figure:
    if counted := _COUNT.fullmatch(text):
        return Figure(counted[1], "count")
    match = _FIGURE.fullmatch(text)
    if match is None:
        raise bad_query(f"Syntax error in '$apply=aggregate({text})'.")
    if match[2] not in _METHODS:
        raise Unsupported(f"the aggregation method {match[2]}")
    return Figure(match[3], _METHODS[match[2]], match[1])


def check_order(order: Sequence[tuple[str, bool]], groups: Sequence[str]) -> None:
    """400 as documented when a result is sorted by anything but what it is grouped by."""
    for path, _ in order:
        if path not in groups:
            raise bad_query("The query node SingleValueOpenPropertyAccess is not supported.")
