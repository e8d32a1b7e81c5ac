"""What kind of column each output role needs (rules.md sections 2, 6 and 12).

One function a role in ``ROLES``; why scores are Decimal or Money: docs/decisions/002.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from msgspec import Struct

from gradesys.deploy.options import grade_options, options_of
from gradesys.deploy.ranges.bounds import score_range
from gradesys.deploy.specs import ColumnSpec, OptionSpec, note
from gradesys.deploy.texts import Text
from gradesys.errors import Problem, RuleError
from gradesys.records import Column, Kind, Schema
from gradesys.rules.model import RuleModel
from gradesys.rules.outputchecks import KINDS

DECIMAL_LIMIT = Decimal(10**11)
MONEY_LIMIT = Decimal(922337203685477)
DECIMAL_PLACES, MONEY_PLACES = 10, 4
Shape = Callable[[str, RuleModel, Schema | None], "Needed"]


class Needed(Struct, frozen=True):
    """The column to create, the options of a choice, and kinds that will not do this time
    although the role may have them."""

    column: Column
    options: tuple[OptionSpec, ...] = ()
    unfit: frozenset[Kind] = frozenset()


class Role(Struct, frozen=True):
    """How an output column is called and what it holds; only results are worth an audit trail."""

    title: Text
    shape: Shape
    audited: bool = False


def output_columns(model: RuleModel, schema: Schema | None) -> tuple[ColumnSpec, ...]:
    """The columns that a model writes, in the order of ROLES. Raises RuleError."""
    named = model.output.columns
    return tuple(_spec(model, name, named[name], schema) for name in ROLES if name in named)


def _spec(model: RuleModel, name: str, column: str, schema: Schema | None) -> ColumnSpec:
    role = ROLES[name]
    needed = role.shape(column, model, schema)
    return ColumnSpec(
        table=model.table,
        column=needed.column,
        title=role.title,
        description=note(role.title),
        fits=frozenset(KINDS[name]) - needed.unfit,
        options=needed.options,
        audited=role.audited,
    )


def _score(name: str, model: RuleModel, schema: Schema | None) -> Needed:
    places = max(int(model.score.decimals), 0)
    plain = score_range(model, schema).within(DECIMAL_LIMIT)
    kind, limit = (Kind.DECIMAL, DECIMAL_LIMIT) if plain else (Kind.MONEY, MONEY_LIMIT)
    column = Column(name, kind, places=places, minimum=-limit, maximum=limit)
    _check_places(model, column)
    if not plain:
        return Needed(column, unfit=frozenset(KINDS["score"]) - {Kind.MONEY})
    return Needed(column, unfit=frozenset({Kind.INTEGER} if places else ()))


def _check_places(model: RuleModel, column: Column) -> None:
    most = MONEY_PLACES if column.kind is Kind.MONEY else DECIMAL_PLACES
    if (column.places or 0) > most:
        why = (
            f"a {column.kind} column holds {most} decimals at most, {column.places} are asked for;"
            " give score.min and score.max, or fewer decimals"
        )
        raise RuleError((Problem(("score", "decimals"), why, model.id),))


def _grade(name: str, model: RuleModel, schema: Schema | None) -> Needed:
    options = grade_options(model.grades) if model.grades else ()
    numbers = bool(options) and all(option.value is not None for option in options)
    unfit = frozenset(() if numbers else {Kind.INTEGER})
    return Needed(Column(name, Kind.CHOICE), options, unfit)


def _choice(*options: OptionSpec) -> Shape:
    return lambda name, model, schema: Needed(Column(name, Kind.CHOICE), options)


def _plain(kind: Kind, length: int | None = None) -> Shape:
    return lambda name, model, schema: Needed(Column(name, kind, length=length))


TREND = options_of(("up", "صعودی"), ("steady", "ثابت"), ("down", "نزولی"))
STATUS = options_of(("current", "به‌روز"), ("parked", "کنار گذاشته"))

ROLES: Mapping[str, Role] = {
    "score": Role(Text("Score", "امتیاز"), _score, audited=True),
    "grade": Role(Text("Grade", "درجه"), _grade, audited=True),
    "raw_grade": Role(Text("Raw grade", "درجهٔ خام"), _grade),
    "reasons": Role(Text("Reasons", "دلایل"), _plain(Kind.TEXT, 2000)),
    "explanation": Role(Text("Explanation", "شرح امتیاز"), _plain(Kind.MEMO, 4000)),
    "scored_on": Role(Text("Scored on", "زمان امتیازدهی"), _plain(Kind.INSTANT)),
    "below_since": Role(Text("Below grade since", "زیر درجه از تاریخ"), _plain(Kind.DATE)),
    "state": Role(Text("Day state", "وضعیت روز"), _plain(Kind.MEMO, 2000)),
    "model_version": Role(Text("Rule version", "نسخهٔ قواعد"), _plain(Kind.TEXT, 100)),
    "trend": Role(Text("Trend", "روند"), _choice(*TREND)),
    "previous_score": Role(Text("Previous score", "امتیاز پیشین"), _score),
    "previous_grade": Role(Text("Previous grade", "درجهٔ پیشین"), _grade),
    "grade_since": Role(Text("Grade since", "تاریخ این درجه"), _plain(Kind.DATE)),
    "status": Role(Text("Scoring status", "وضعیت امتیازدهی"), _choice(*STATUS)),
}
