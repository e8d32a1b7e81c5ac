"""Rule packs and cases laid over one another (rules.md 15.8): `extends`, and a case's `model`.

Works on plain data before it becomes types, so that what stands in a base may still be wrong or
incomplete until the upper document has had its say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gradesys.rules.composing import Path

Members = Mapping[str, tuple[str, ...]]
"""An exclusive set: member key -> the keys that belong to it."""

POINTS: Members = {
    "bands": (),
    "linear": (),
    "map": ("otherwise",),
    "rules": ("hit",),
    "quantiles": ("points",),
}
SPAN_OF_DAYS: Members = {
    "last": ("offset",),
    "next": ("offset",),
    "period": ("offset", "to_date"),
    "from": (),
    "to": (),
}
REACH: Members = {"lookup": (), "path": (), "paths": ()}
SUBJECT: Members = {"column": (), "row_expression": ()}
DECAY: Members = {"half_life": (), "every": ("rate",), "until": ()}
DOWNGRADE: Members = {"hold": (), "until_end_of": ()}

_TOGETHER = frozenset({"from", "to"})
HOLDERS = (dict, list)


class Conflict(Struct, frozen=True):
    """Two members of an exclusive set in one map."""

    path: Path
    members: tuple[str, ...]


def merge(base: Any, over: Any, path: Path = ()) -> Any:
    """``over`` laid over ``base``; neither is changed. ``path`` is where both stand in a model."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    displaced = _displaced(base, over, path)
    merged = {key: value for key, value in base.items() if key not in displaced}
    for key, value in over.items():
        if value is None and key in base:
            merged.pop(key, None)
        elif key in merged:
            merged[key] = merge(merged[key], value, (*path, key))
        else:
            merged[key] = value
    return merged


def conflicts(data: Any, path: Path = ()) -> tuple[Conflict, ...]:
    """Every map below ``data`` that names two members of one exclusive set."""
    if isinstance(data, list):
        inner = [
            part
            for index, item in enumerate(data)
            if isinstance(item, HOLDERS)
            for part in conflicts(item, (*path, index))
        ]
        return tuple(inner)
    if not isinstance(data, dict):
        return ()
    found = [
        Conflict(path, tuple(named))
        for members in exclusive_sets(path)
        if len(named := _named(data, members)) > 1 and not _TOGETHER.issuperset(named)
    ]
    for key, value in data.items():
        if isinstance(value, HOLDERS):
            found.extend(conflicts(value, (*path, key)))
    return tuple(found)


def exclusive_sets(path: Path) -> tuple[Members, ...]:
    """The exclusive sets of the map at this path of a model."""
    if not path:
        return ()
    if _is_indicator(path):
        return (REACH, SUBJECT)
    if path[-1] == "within":
        return (SPAN_OF_DAYS,)
    if len(path) == 3 and _is_indicator(path[:2]):
        return _OF_INDICATORS.get(path[2], ())
    return (DOWNGRADE,) if path == ("grades", "downgrade") else ()


def _displaced(base: Mapping[Any, Any], over: Mapping[Any, Any], path: Path) -> frozenset[str]:
    """Keys of the base that go because ``over`` names another member of their set."""
    displaced: set[str] = set()
    for members in exclusive_sets(path):
        named = set(_named(over, members))
        if named & _TOGETHER:
            named |= _TOGETHER & members.keys()
        for rival in members.keys() & base.keys() - named if named else ():
            displaced.update((rival, *members[rival]))
    return frozenset(displaced)


def _named(data: Mapping[Any, Any], members: Members) -> list[str]:
    return [key for key in members if data.get(key) is not None]


def _is_indicator(path: Path) -> bool:
    return len(path) == 2 and path[0] == "indicators"


_OF_INDICATORS: Mapping[Any, tuple[Members, ...]] = {
    "points": (POINTS,),
    "window": (SPAN_OF_DAYS,),
    "decay": (DECAY,),
}
