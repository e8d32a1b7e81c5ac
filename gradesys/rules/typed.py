"""Plain data to typed nodes: every key and type checked, complaints in the words of a rule file."""

from __future__ import annotations

from typing import Any, TypeVar

from gradesys.errors import Problem, RuleError
from gradesys.rules.composing import Path
from gradesys.rules.merging import HOLDERS, Conflict, conflicts
from gradesys.rules.nodes import Node
from gradesys.rules.reading import read_node

N = TypeVar("N", bound=Node)


def typed(node: type[N], data: Any) -> N:
    """The node that ``data`` spells. RuleError: problems with paths, without places."""
    refused: list[Problem] = []
    model = read_node(node, data, (), refused)
    found = conflicts(data)
    if model is not None and not found:
        return model
    echoes = {(*conflict.path, member) for conflict in found for member in conflict.members}
    others = (one for one in refused if not echoes & _parents(one.path))
    raise RuleError((*map(_rivalry, found), *others))


def _rivalry(conflict: Conflict) -> Problem:
    names = ", ".join(conflict.members)
    return Problem(conflict.path, f"only one of {names} may be given")


def _parents(path: Path) -> frozenset[Path]:
    """The path itself and every path above it."""
    return frozenset(path[:length] for length in range(len(path) + 1))


def without_nulls(data: Any, path: Path = ()) -> Any:
    """A null value of any key is the key's absence, except in filters and params (section 3)."""
    if isinstance(data, list):
        return [
            without_nulls(item, (*path, index)) if isinstance(item, HOLDERS) else item
            for index, item in enumerate(data)
        ]
    if not isinstance(data, dict) or _keeps_nulls(path):
        return data
    return {
        key: without_nulls(value, (*path, key)) if isinstance(value, HOLDERS) else value
        for key, value in data.items()
        if value is not None
    }


def _keeps_nulls(path: Path) -> bool:
    if path[:1] != ("indicators",):
        return path in (("population",), ("params",))
    in_hop = path[2:3] in (("path",), ("paths",)) and path[-1] == "filter"
    return in_hop or (len(path) == 3 and path[2] in ("filter", "among"))
