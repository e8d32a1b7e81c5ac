"""Whether the output columns of a model exist and can hold what it writes (rules.md section 10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from gradesys.records import Column, Kind, Schema
from gradesys.rules.choices import grade_options, word_options
from gradesys.rules.model import RuleModel
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings

_NUMBER = (Kind.DECIMAL, Kind.DOUBLE, Kind.INTEGER, Kind.MONEY)
_GRADE = (Kind.CHOICE, Kind.TEXT, Kind.MEMO, Kind.INTEGER)
_TEXT = (Kind.MEMO, Kind.TEXT)
_DAY = (Kind.DATE, Kind.INSTANT, Kind.LOCAL)
_WORD = (Kind.CHOICE, Kind.TEXT, Kind.MEMO)

KINDS: Mapping[str, tuple[Kind, ...]] = {
    "score": _NUMBER,
    "previous_score": _NUMBER,
    "grade": _GRADE,
    "raw_grade": _GRADE,
    "previous_grade": _GRADE,
    "reasons": _TEXT,
    "explanation": _TEXT,
    "state": _TEXT,
    "model_version": _TEXT,
    "scored_on": _DAY,
    "below_since": _DAY,
    "grade_since": _DAY,
    "trend": _WORD,
    "status": _WORD,
}
"""What kinds of columns can hold a role."""

WORDS = {"trend": ("up", "steady", "down"), "status": ("current", "parked")}


def check_outputs(model: RuleModel, schema: Schema, found: Findings) -> None:
    """Note every output column that is missing or cannot hold its role."""
    if model.table not in schema:
        return
    columns = schema[model.table].columns
    for role, name in model.output.columns.items():
        for message in _complaints(model, role, name, columns):
            found.note(("output", role), message)


def _complaints(
    model: RuleModel, role: str, name: str, columns: Mapping[str, Column]
) -> Iterator[str]:
    if name not in columns:
        yield f"table '{model.table}' has no column '{name}'{nearest(name, columns)}"
        return
    column = columns[name]
    if column.kind not in KINDS[role]:
        kinds = ", ".join(KINDS[role])
        yield f"column '{name}' is of kind {column.kind}; {role} needs one of {kinds}"
        return
    yield from _FITTING.get(role, _anything)(model, role, column)


def _anything(model: RuleModel, role: str, column: Column) -> Iterator[str]:
    yield from ()


def _score(model: RuleModel, role: str, column: Column) -> Iterator[str]:
    places = 0 if column.kind is Kind.INTEGER else column.places
    if places is not None and places < model.score.decimals:
        yield f"column '{column.name}' keeps {places} decimals, the score {model.score.decimals}"
    for bound in (model.score.min, model.score.max):
        if bound is not None and not _within(bound, column):
            limits = f"{column.minimum}..{column.maximum}"
            yield f"column '{column.name}' holds {limits}, the score may be {bound}"


def _within(bound: Decimal, column: Column) -> bool:
    above = column.minimum is None or bound >= column.minimum
    return above and (column.maximum is None or bound <= column.maximum)


def _grade(model: RuleModel, role: str, column: Column) -> Iterator[str]:
    if model.grades is None:
        return
    extra = [model.grades.unknown, *(rule.set for rule in model.grades.rules)]
    shown = dict.fromkeys([*(band.grade for band in model.grades.bands), *extra])
    options = grade_options(model.grades, column)
    for grade in shown:
        if grade is None:
            continue
        if column.kind is Kind.CHOICE and grade not in options:
            yield f"choice '{column.name}' has no option for grade '{grade}'"
        if column.kind is Kind.INTEGER and not isinstance(grade, Decimal):
            yield f"column '{column.name}' holds numbers, not grade '{grade}'"


def _word(model: RuleModel, role: str, column: Column) -> Iterator[str]:
    options = word_options(column)
    for word in WORDS[role] if column.kind is Kind.CHOICE else ():
        if word not in options:
            yield f"choice '{column.name}' has no option '{word}'"
    longest = max(WORDS[role], key=len)
    if column.length is not None and column.length < len(longest):
        yield f"column '{column.name}' holds {column.length} characters, too few for '{longest}'"


_FITTING: Mapping[str, Callable[[RuleModel, str, Column], Iterator[str]]] = {
    "score": _score,
    "previous_score": _score,
    "grade": _grade,
    "raw_grade": _grade,
    "previous_grade": _grade,
    "trend": _word,
    "status": _word,
}
