"""Plain data to typed nodes: every key and type checked, complaints in the words of a rule file."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gradesys.errors import Problem, RuleError
from gradesys.rules.complaints import problems_of
from gradesys.rules.composing import Path
from gradesys.rules.merging import Conflict, conflicts

N = TypeVar("N", bound=BaseModel)


def typed(node: type[N], data: Any) -> N:
    """The node that ``data`` spells. RuleError: problems with paths, without places."""
    found = conflicts(data)
    problems = [_rivalry(conflict) for conflict in found]
    try:
        model = node.model_validate(data)
    except ValidationError as error:
        echoes = {(*conflict.path, member) for conflict in found for member in conflict.members}
        refused = problems_of(error, node, data)
        problems += [one for one in refused if not echoes & _parents(one.path)]
        raise RuleError(tuple(problems)) from error
    if problems:
        raise RuleError(tuple(problems))
    return model


def _rivalry(conflict: Conflict) -> Problem:
    names = ", ".join(conflict.members)
    return Problem(conflict.path, f"only one of {names} may be given")


def _parents(path: Path) -> frozenset[Path]:
    """The path itself and every path above it."""
    return frozenset(path[:length] for length in range(len(path) + 1))


def without_nulls(data: Any, path: Path = ()) -> Any:
    """A null value of any key is the key's absence, except in filters and params (section 3)."""
    if isinstance(data, list):
        return [without_nulls(item, (*path, index)) for index, item in enumerate(data)]
    if not isinstance(data, dict) or _keeps_nulls(path):
        return data
    return {
        key: without_nulls(value, (*path, key)) for key, value in data.items() if value is not None
    }


def _keeps_nulls(path: Path) -> bool:
    if path[:1] != ("indicators",):
        return path in (("population",), ("params",))
    in_hop = path[2:3] in (("path",), ("paths",)) and path[-1] == "filter"
    return in_hop or (len(path) == 3 and path[2] in ("filter", "among"))
