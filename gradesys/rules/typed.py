"""Plain data to typed nodes: every key and type checked, complaints in the words of a rule file."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gradesys.errors import Problem, RuleError
from gradesys.rules.complaints import problems_of
from gradesys.rules.composing import Path
from gradesys.rules.merging import conflicts

N = TypeVar("N", bound=BaseModel)


def typed(node: type[N], data: Any, at: Path = ()) -> N:
    """The node that ``data`` spells; ``at`` is where it stands in a model.

    RuleError: problems with paths relative to the node, no places.
    """
    rivals = {
        conflict.path[len(at) :]: Problem(
            conflict.path[len(at) :], f"only one of {', '.join(conflict.members)} may be given"
        )
        for conflict in conflicts(data, at)
    }
    try:
        model = node.model_validate(data)
    except ValidationError as error:
        refused = problems_of(error, node, data)
        others = [one for one in refused if not any(_below(one.path, path) for path in rivals)]
        raise RuleError((*rivals.values(), *others)) from error
    if rivals:
        raise RuleError(tuple(rivals.values()))
    return model


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
    is_filter = len(path) == 3 and path[0] == "indicators" and path[2] in ("filter", "among")
    return is_filter or path in (("population",), ("params",))


def _below(path: Path, parent: Path) -> bool:
    return path[: len(parent)] == parent
