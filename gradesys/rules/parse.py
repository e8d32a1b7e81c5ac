"""A rule file to a typed model: packs merged, params put in, every problem of the file at once.

What one node cannot know (that names exist, that bands ascend) is checked in `validate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from gradesys.errors import Problem, RuleError
from gradesys.rules.document import Document
from gradesys.rules.environment import Environment
from gradesys.rules.model import RuleModel
from gradesys.rules.resolving import Placed, with_base, with_params
from gradesys.rules.typed import typed, without_nulls

REQUIRED = ("schema", "id", "output")
"""What a rule file must hold beyond what a case's model must."""
NO_ENVIRONMENT = Environment()


class Source(Struct, frozen=True):
    """A model and the document (packs merged) that tells where its keys were written."""

    model: RuleModel
    document: Placed


def parse_source(
    document: Document, packs: Mapping[str, Document], environment: Environment = NO_ENVIRONMENT
) -> Source:
    """The model of a rule file with its places. RuleError with every problem found."""
    if not isinstance(document.data, dict):
        raise RuleError((Problem((), "a rule file is a map of keys", document.place()),))
    missing = _missing(document)
    try:
        whole = environment.over(with_base(document, packs))
        model = parse_data(whole)
    except RuleError as error:
        raise RuleError((*missing, *error.problems)) from error
    if missing:
        raise RuleError(missing)
    return Source(model, whole)


def parse_model(document: Document, packs: Mapping[str, Document]) -> RuleModel:
    """The model of a rule file. RuleError with every problem found, each with its place."""
    return parse_source(document, packs).model


def parse_data(document: Placed) -> RuleModel:
    """The model of data that is already merged, such as a case's. RuleError as parse_model."""
    data, unreplaced = with_params(document)
    refused: tuple[Problem, ...] = ()
    try:
        model = typed(RuleModel, without_nulls(data))
    except RuleError as error:
        known = {problem.path for problem in unreplaced}
        refused = tuple(problem for problem in error.problems if problem.path not in known)
    if unreplaced or refused:
        raise RuleError((*unreplaced, *placed(refused, document)))
    return model


def placed(problems: Iterable[Problem], document: Placed) -> tuple[Problem, ...]:
    """The same problems with the places of their paths in the document."""
    return tuple(replace(problem, place=document.place(problem.path)) for problem in problems)


def _missing(document: Placed) -> tuple[Problem, ...]:
    data = document.data
    extends = data.get("extends") is not None
    return tuple(
        Problem((key,), f"missing key '{key}'" + _beside_extends(key, extends), document.place())
        for key in REQUIRED
        if data.get(key) is None and (key == "id" or not extends)
    )


def _beside_extends(key: str, extends: bool) -> str:
    return " (the id of a pack is never inherited)" if key == "id" and extends else ""
