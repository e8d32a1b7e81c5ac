"""Merging one rule tree over another, with the sets of which only one member may stand (15.8)."""

from typing import NamedTuple

from tests.oracle.values import Node


class _Member(NamedTuple):
    """One choice of an exclusive set: the keys that name it and the keys that go with it."""

    names: tuple[str, ...]
    belongings: tuple[str, ...] = ()


_WINDOW = [
    _Member(("last",), ("offset",)),
    _Member(("next",), ("offset",)),
    _Member(("period",), ("offset", "to_date")),
    _Member(("from", "to")),
]
_POINTS = [
    _Member(("bands",)),
    _Member(("linear",)),
    _Member(("map",), ("otherwise",)),
    _Member(("rules",), ("hit",)),
    _Member(("quantiles",), ("points",)),
]
_INDICATOR = [
    [_Member(("lookup",)), _Member(("path",)), _Member(("paths",))],
    [_Member(("column",)), _Member(("row_expression",))],
]
_DECAY = [_Member(("half_life",)), _Member(("every",), ("rate",)), _Member(("until",))]
_DOWNGRADE = [_Member(("hold",)), _Member(("until_end_of",))]


def merge(base: Node, over: Node, path: tuple[Node, ...] = ()) -> Node:
    """Lay `over` upon `base`, both unchanged; `path` is where in the model they stand."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    merged = dict(base)
    for members in _exclusive_sets(path):
        _displace(merged, over, members)
    for key, item in over.items():
        if item is None and key in base:
            merged.pop(key, None)
        elif key in merged:
            merged[key] = merge(merged[key], item, (*path, key))
        else:
            merged[key] = item
    return merged


def _exclusive_sets(path: tuple[Node, ...]) -> list[list[_Member]]:
    if len(path) == 2 and path[0] == "indicators":
        return _INDICATOR
    if len(path) == 3 and path[0] == "indicators":
        own = {"points": _POINTS, "window": _WINDOW, "decay": _DECAY}.get(path[2])
        return [own] if own else []
    if path == ("grades", "downgrade"):
        return [_DOWNGRADE]
    return [_WINDOW] if path and path[-1] == "within" else []


def _displace(merged: dict[Node, Node], over: dict[Node, Node], members: list[_Member]) -> None:
    """Remove the members that `over` does not name from the base, once it names one."""
    named = [m for m in members if any(over.get(name) is not None for name in m.names)]
    if not named:
        return
    for member in members:
        if member not in named and any(name in merged for name in member.names):
            for key in (*member.names, *member.belongings):
                merged.pop(key, None)
