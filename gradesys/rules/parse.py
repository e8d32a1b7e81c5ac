"""Rule files to typed models: packs merged, params put in, every problem of every file at once.

What one node cannot know (that names exist, that bands ascend) is checked in `validate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as File

from gradesys.errors import Problem, RuleError
from gradesys.rules.document import Document
from gradesys.rules.model import RuleModel
from gradesys.rules.resolving import Placed, with_base, with_params
from gradesys.rules.salvage import further_problems
from gradesys.rules.sources import by_id, files_below, is_case_file, load_packs, read_documents
from gradesys.rules.together import check_together
from gradesys.rules.typed import typed, without_nulls
from gradesys.rules.validate import check_model

REQUIRED = ("schema", "id", "output")
"""What a rule file must hold beyond what a case's model must."""


@dataclass(frozen=True, slots=True)
class Source:
    """A model and the document (packs merged) that tells where its keys were written."""

    model: RuleModel
    document: Placed


@dataclass(frozen=True, slots=True)
class Examined:
    """What some files hold: the models that could be read, and what is wrong or odd."""

    sources: tuple[Source, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def load_folder(folder: File, packs: File | None) -> tuple[Source, ...]:
    """The models of all `*.yaml` and `*.yml` below a folder, in name order.

    RuleError with every problem of every file that can be seen without metadata.
    """
    examined = examine(files_below(folder), packs)
    if examined.errors:
        raise RuleError(examined.errors)
    return examined.sources


def examine(files: Iterable[File], packs: File | None) -> Examined:
    """Read and check rule files; `extends` finds packs, and the files themselves, by id.

    Files in the packs folder are checked one by one: packs are not in force together.
    """
    documents, problems = read_documents(files)
    rules = [document for document in documents if not is_case_file(document)]
    bases, broken = load_packs(packs)
    bases = {**by_id(rules), **bases}
    sources: list[Source] = []
    active: list[Source] = []
    warnings: list[Problem] = []
    for document in rules:
        try:
            source = Source(parse_model(document, bases), with_base(document, bases))
        except RuleError as error:
            problems.extend(error.problems)
            problems.extend(_further(document, bases))
            continue
        errors, odd = check_model(source.model, None)
        problems.extend(placed(errors, source.document))
        warnings.extend(placed(odd, source.document))
        sources.append(source)
        active.extend([source] if not _is_pack(document, packs) else [])
    problems.extend(_between(active))
    problems.extend(broken if problems else ())
    return Examined(tuple(sources), tuple(_in_order(problems)), tuple(warnings))


def _in_order(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Each problem once, as a reader goes down the files."""

    def position(problem: Problem) -> tuple[str, int, int]:
        file, _, rest = problem.place.rpartition(":")[0].rpartition(":")
        column = problem.place.rpartition(":")[2]
        return file, int(rest) if rest.isdigit() else 0, int(column) if column.isdigit() else 0

    yield from sorted(dict.fromkeys(problems), key=position)


def _further(document: Document, bases: Mapping[str, Document]) -> tuple[Problem, ...]:
    """What is wrong beside what kept the file from being read."""
    if not isinstance(document.data, dict):
        return ()
    try:
        whole = with_base(document, bases)
    except RuleError:
        return ()
    return placed(further_problems(whole), whole)


def _is_pack(document: Document, packs: File | None) -> bool:
    return packs is not None and File(document.source).resolve().is_relative_to(packs.resolve())


def _between(sources: list[Source]) -> Iterator[Problem]:
    for index, problem in check_together([source.model for source in sources]):
        yield from placed([problem], sources[index].document)


def parse_model(document: Document, packs: Mapping[str, Document]) -> RuleModel:
    """The model of a rule file. RuleError with every problem found, each with its place."""
    if not isinstance(document.data, dict):
        raise RuleError((Problem((), "a rule file is a map of keys", document.place()),))
    missing = _missing(document)
    try:
        model = parse_data(with_base(document, packs))
    except RuleError as error:
        raise RuleError((*missing, *error.problems)) from error
    if missing:
        raise RuleError(missing)
    return model


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
