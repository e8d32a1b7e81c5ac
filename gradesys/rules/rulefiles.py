"""Rule files together: all of them read and checked, every problem of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as File

from msgspec import Struct, field

from gradesys.errors import Problem, RuleError
from gradesys.rules.compile import CompiledModel
from gradesys.rules.document import Document
from gradesys.rules.environment import Environment, read_environment
from gradesys.rules.parse import Source, parse_source, placed
from gradesys.rules.resolving import with_base
from gradesys.rules.salvage import further_problems
from gradesys.rules.sources import by_id, files_below, is_case_file, load_packs, read_documents
from gradesys.rules.together import check_together
from gradesys.rules.validate import check_model


class Examined(Struct, frozen=True):
    """What some files hold: the models that could be read, and what is wrong or odd."""

    sources: tuple[Source, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the models."""
        return frozenset(source.model.id for source in self.sources)


def load_folder(folder: File, packs: File | None, params: File | None = None) -> tuple[Source, ...]:
    """The models in force of all `*.yaml` and `*.yml` below a folder, in name order.

    ``params``: the file of what this environment sets otherwise. RuleError with every problem of
    every file that can be seen without metadata.
    """
    environment = read_environment(params)
    examined = examine(files_below(folder), packs, environment)
    errors = examined.errors or tuple(environment.strangers(examined.ids))
    if errors:
        raise RuleError(errors)
    return tuple(source for source in examined.sources if source.model.enabled)


def examine(
    files: Iterable[File], packs: File | None, environment: Environment | None = None
) -> Examined:
    """Read and check rule files; `extends` finds packs, and the files themselves, by id.

    Files in the packs folder are checked one by one: packs are not in force together. A model that
    is switched off is checked too, but owns nothing.
    """
    documents, problems = read_documents(files)
    rules = [document for document in documents if not is_case_file(document)]
    bases, broken = _bases(rules, packs)
    found = _Found(bases, environment or Environment(), problems)
    for document in rules:
        found.take(document, together=not _is_pack(document, packs))
    problems.extend(_between(found.active))
    problems.extend(broken if problems else ())
    return Examined(tuple(found.sources), tuple(_in_order(problems)), tuple(found.warnings))


class _Found(Struct):
    """What was found so far."""

    bases: Mapping[str, Document]
    environment: Environment
    problems: list[Problem]
    warnings: list[Problem] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    active: list[tuple[Source, CompiledModel | None]] = field(default_factory=list)

    def take(self, document: Document, together: bool) -> None:
        """Read and check one file; ``together``: beside the others, it is in force with them."""
        try:
            source = parse_source(document, self.bases, self.environment)
        except RuleError as error:
            self.problems.extend(error.problems)
            self.problems.extend(_further(document, self.bases))
            return
        verdict = check_model(source.model, None)
        self.problems.extend(placed(verdict.errors, source.document))
        self.warnings.extend(placed(verdict.warnings, source.document))
        self.sources.append(source)
        if together and source.model.enabled:
            self.active.append((source, verdict.compiled))


def _bases(
    rules: list[Document], packs: File | None
) -> tuple[Mapping[str, Document], tuple[Problem, ...]]:
    """What can be extended; the packs are read only where somebody extends something."""
    extending = any(isinstance(each.data, dict) and "extends" in each.data for each in rules)
    found, broken = load_packs(packs if extending else None)
    return {**by_id(rules), **found}, broken


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


def _between(active: list[tuple[Source, CompiledModel | None]]) -> Iterator[Problem]:
    verdicts = [(source.model, compiled) for source, compiled in active]
    for index, problem in check_together(verdicts):
        yield from placed([problem], active[index][0].document)
