"""Which parts of a model its cases notice: a part counts as touched when some case would give
another result without it.

Asked of the engine itself, by changing one part and scoring again, so it is right for every way of
computing a score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path as File
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gradesys.errors import GradesysError
from gradesys.rules.casefile import Case, cases_of
from gradesys.rules.cases import CaseFile, open_cases
from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.model import (
    AggregateIndicator,
    AnyIndicator,
    Bands,
    Node,
    PointRules,
    RuleModel,
    ValueMap,
    WeightRules,
)
from gradesys.rules.problems import Path
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.sources import load_packs, read_document
from gradesys.rules.state import Grade

ONE_MORE = Decimal(1)
NEVER_NULL = frozenset({"sum", "count", "count_distinct", "any"})
"""What no rows make 0 or false."""


class Coverage(Struct, frozen=True):
    """``untouched``: the key paths that no case of the model notices, as an author reads them."""

    model: str
    parts: int
    untouched: tuple[str, ...]


class _Scored(Struct, frozen=True):
    """A case that ran."""

    file: CaseFile
    case: Case
    model: CompiledModel
    card: Scorecard

    def otherwise(self, model: RuleModel) -> Scorecard | None:
        """The card by a changed model; None where that cannot be scored."""
        try:
            return self.file.score(self.case, compile_model(model, None))
        except GradesysError:
            return None


class _Part(Struct, frozen=True):
    """``path``: where it stands; ``seen``: whether a case that ran touches it."""

    path: str
    seen: Callable[[_Scored], bool]


def coverage(files: Iterable[File], packs: File | None) -> tuple[Coverage, ...]:
    """By model, in the order in which the cases name them. Cases that fail to run touch nothing."""
    documents, _ = load_packs(packs)
    by_model: dict[str, list[_Scored]] = {}
    for path in files:
        document = read_document(path)
        file = open_cases(document, path.parent, documents)
        for scored in _scored(file, cases_of(document.data)):
            id = scored.model.model.id
            by_model.setdefault(f"{path}: {id}" if id == "case" else id, []).append(scored)
    return tuple(_covered(name, cases) for name, cases in by_model.items())


def _scored(file: CaseFile, cases: Iterable[Case]) -> Iterator[_Scored]:
    for case in cases:
        try:
            yield _Scored(file, case, file.models.compiled(case), file.card(case))
        except GradesysError:
            continue  # the test itself tells why


def _covered(name: str, cases: list[_Scored]) -> Coverage:
    parts = tuple(_parts(cases[0].model.model))
    untouched = (part.path for part in parts if not any(part.seen(case) for case in cases))
    return Coverage(name, len(parts), tuple(untouched))


def _parts(model: RuleModel) -> Iterator[_Part]:
    if model.population is not None:
        yield _Part("population: a row outside", lambda scored: not scored.card.in_population)
    for name, node in model.indicators.items():
        home: Path = ("indicators", name)
        for path in _pointed(node.points):
            yield _changed((*home, "points", *path), lambda card: card.points)
        if isinstance(node.weight, WeightRules):
            for path in _weighed(node.weight):
                yield _changed((*home, "weight", *path), _weights)
        if _can_be_null(node):
            yield _Part(f"indicators.{name}: a null value", _is_null(name))
    yield from _grade_parts(model)


def _can_be_null(node: AnyIndicator) -> bool:
    never = isinstance(node, AggregateIndicator) and node.op in NEVER_NULL
    return node.default is None and not (never and node.transform is None)


def _grade_parts(model: RuleModel) -> Iterator[_Part]:
    grades = model.grades
    if grades is None:
        return
    for index, band in enumerate(grades.bands):
        yield _Part(f"grades.bands.{index} ({band.grade})", _is_graded(band.grade))
    for index in range(len(grades.rules)):
        rule: Path = ("grades", "rules", index)
        yield _changed((*rule, "condition"), lambda card: card.grade, lambda _: "false", rule)


def _pointed(points: Any) -> Iterator[Path]:
    if isinstance(points, Bands):
        yield from (("bands", index, "points") for index in range(len(points.bands)))
    elif isinstance(points, ValueMap):
        yield from (("map", key) for key in points.map)
        yield from [("otherwise",)] if points.otherwise is not None else []
    elif isinstance(points, PointRules):
        yield from (("rules", index, "points") for index in range(len(points.rules)))


def _weighed(weight: WeightRules) -> Iterator[Path]:
    yield from (("rules", index, "weight") for index in range(len(weight.rules)))
    yield ("otherwise",)


def _weights(card: Scorecard) -> object:
    return [(part.indicator, part.weight) for part in card.breakdown.parts]


def _is_null(name: str) -> Callable[[_Scored], bool]:
    return lambda scored: name in scored.card.values and scored.card.values[name] is None


def _is_graded(grade: Grade) -> Callable[[_Scored], bool]:
    return lambda scored: scored.card.raw_grade == grade


def _more(value: Any) -> Any:
    return value + ONE_MORE


def _changed(
    path: Path,
    look: Callable[[Scorecard], object],
    change: Callable[[Any], Any] = _more,
    shown: Path | None = None,
) -> _Part:
    """A part that is touched where changing it changes what ``look`` sees of the card."""

    def seen(scored: _Scored) -> bool:
        try:
            model = _with(scored.model.model, path, change)
        except (LookupError, AttributeError, TypeError):
            return False  # the case's own model has no such part
        other = scored.otherwise(model)
        return other is None or look(other) != look(scored.card)

    return _Part(".".join(map(str, shown or path)), seen)


def _with(node: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """A copy of the node with the value at the path changed."""
    if not path:
        return change(node)
    step, *rest = path
    if isinstance(node, Node):
        inside = _with(getattr(node, str(step)), tuple(rest), change)
        return replace(node, **{str(step): inside})
    inside = _with(node[step], tuple(rest), change)
    if isinstance(node, Mapping):
        return {**node, step: inside}
    return tuple(inside if index == step else each for index, each in enumerate(node))
