"""What else is wrong with a file whose keys or types were refused.

An admin who fixes a typo must not meet the next complaint only then. So the refused parts are set
right as far as can be guessed, or left out, and what remains is checked as usual.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gradesys.errors import Problem, RuleError
from gradesys.rules.composing import Path
from gradesys.rules.model import RuleModel
from gradesys.rules.resolving import Placed, with_params
from gradesys.rules.typed import typed, without_nulls
from gradesys.rules.validate import check_model

ROUNDS = 5
MEANT = re.compile(r"unknown key '.*'; did you mean '(\w+)'\?")


def further_problems(document: Placed) -> tuple[Problem, ...]:
    """The problems of the parts that are well formed; without places."""
    data = deepcopy(without_nulls(with_params(document)[0]))
    mended = Mended(set(), {})
    for _ in range(ROUNDS):
        try:
            model = typed(RuleModel, data)
        except RuleError as error:
            if not all(_mend(data, problem, mended) for problem in error.problems):
                return ()
        else:
            return tuple(mended.as_written(problem) for problem in _checked(model, mended))
    return ()


class Mended(Struct, frozen=True):
    """What was done to a document: parts left out, and keys renamed (new path -> old key)."""

    left_out: set[Any]
    renamed: dict[Path, Any]

    def as_written(self, problem: Problem) -> Problem:
        """The problem at the path that stands in the file."""
        path = tuple(
            self.renamed.get(problem.path[: index + 1], step)
            for index, step in enumerate(problem.path)
        )
        return replace(problem, path=path)


def _mend(data: Any, problem: Problem, mended: Mended) -> bool:
    """Rename a key to what was meant, or leave out the part; False when that is the whole file."""
    parent = _at(data, problem.path[:-1])
    meant = MEANT.match(problem.message)
    if meant and isinstance(parent, dict) and meant[1] not in parent:
        parent[meant[1]] = parent.pop(problem.path[-1])
        mended.renamed[(*problem.path[:-1], meant[1])] = problem.path[-1]
        return True
    if problem.message.startswith("unknown key") and isinstance(parent, dict):
        del parent[problem.path[-1]]
        return True
    unit = _unit(problem.path)
    container = _at(data, unit[:-1])
    if not unit or not isinstance(container, dict) or unit[-1] not in container:
        return False
    del container[unit[-1]]
    mended.left_out.add(unit[-1])
    return True


def _unit(path: Path) -> Path:
    """The part of a file that can be judged, or left out, by itself."""
    return path[:2] if path and path[0] == "indicators" else path[:1]


def _at(data: Any, path: Path) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _checked(model: RuleModel, mended: Mended) -> tuple[Problem, ...]:
    """The usual checks, but for complaints that only the left out parts would have answered."""
    errors: Sequence[Problem] = check_model(model, None).errors
    if not mended.left_out:
        return tuple(errors)
    return tuple(p for p in errors if "unknown name" not in p.message and p.path[:1] != ("output",))
