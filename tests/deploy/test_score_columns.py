"""How wide a score column must be, decided from the model alone."""

from decimal import Decimal

import pytest

from gradesys.deploy.manifest import manifest
from gradesys.deploy.planned import with_planned
from gradesys.deploy.ranges.bounds import score_range
from gradesys.deploy.ranges.intervals import Interval
from gradesys.deploy.roles import output_columns
from gradesys.errors import RuleError
from gradesys.records import Column, Kind, Schema, Table
from tests.deploy.rulefiles import scored

MONEY = Column("totalamount_base", Kind.MONEY)
WHOLE = Column("numberofemployees", Kind.INTEGER)
SHARE = Column("share", Kind.DECIMAL, minimum=Decimal(0), maximum=Decimal(1))
CUSTOMER = Column("customerid", Kind.LOOKUP, targets=("account", "contact"))
SCHEMA: Schema = {
    name: Table(name, f"{name}s", f"{name}id", {column.name: column for column in columns})
    for name, columns in {
        "account": (WHOLE, SHARE, MONEY, CUSTOMER),
        "contact": (SHARE,),
        "invoice": (MONEY, WHOLE, CUSTOMER),
        "task": (Column("regardingobjectid", Kind.LOOKUP, targets=("invoice",)),),
    }.items()
}
SUM = "type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base"
COUNT = "type: aggregate, of: invoice, lookup: customerid, op: count"
LINEAR = "points: {linear: {from: [0, 10], to: [5, 90]}}"


@pytest.mark.parametrize(
    ("indicators", "score", "expected"),
    [
        (f"a: {{{SUM}, {LINEAR}}}", "{combine: sum}", (0, 90)),
        (f"a: {{{SUM}, {LINEAR}, missing_points: -3}}", "{combine: sum}", (-3, 90)),
        (f"a: {{{SUM}, {LINEAR}, weight: -2}}", "{combine: sum}", (-180, 0)),
        (f"a: {{{SUM}, {LINEAR}}}", "{combine: sum, base: 10}", (10, 100)),
        (f"a: {{{SUM}, {LINEAR}}}", "{scale: {from: [0, 90], to: [0, 9]}}", (0, 9)),
        (f"a: {{{SUM}, {LINEAR}}}", "{combine: sum, max: 50}", (0, 50)),
        (f"a: {{{SUM}}}", "{combine: sum}", (None, None)),
        (f"a: {{{SUM}}}", "{combine: sum, min: 0, max: 100}", (0, 100)),
        (f"a: {{{SUM}, max_points: 7}}", "{combine: sum, min: 0}", (0, 7)),
        (f"a: {{{SUM}, {LINEAR}, group: g}}\nb: {{{COUNT}, {LINEAR}, group: g}}",
         "{combine: sum, groups: {g: {max: 120}}}", (0, 120)),
        (f"a: {{{SUM}, {LINEAR}}}\nb: {{{COUNT}, {LINEAR}}}", "{combine: sum}", (0, 180)),
        (f"a: {{{SUM}, {LINEAR}}}\nb: {{{COUNT}, {LINEAR}}}", "{combine: max}", (0, 90)),
        (f"a: {{{SUM}, {LINEAR}}}", "{combine: weighted_average}", (0, 90)),
        (f"a: {{{SUM}, {LINEAR}, weight: {{rules: [{{if: value > 1, weight: 3}}]}}}}",
         "{combine: sum}", (0, 270)),
        ("a: {type: column, column: share}", "{combine: sum}", (0, 1)),
        ("a: {type: column, column: customerid.share}", "{combine: sum}", (0, 1)),
        ("a: {type: column, column: share, default: 5}", "{combine: sum}", (0, 5)),
        (f"a: {{{SUM}, scored: false}}", "{combine: expression, expression: a * 2}", (None, None)),
    ],
)  # fmt: skip
def test_the_range_of_a_score_follows_the_steps_of_its_evaluation(
    indicators: str, score: str, expected: tuple[int | None, int | None]
) -> None:
    assert score_range(scored(indicators, score), SCHEMA) == Interval(
        *(None if end is None else Decimal(end) for end in expected)
    )


@pytest.mark.parametrize(
    ("indicators", "score", "kind"),
    [
        (f"a: {{{SUM}, {LINEAR}}}", "{combine: sum}", Kind.DECIMAL),
        (f"a: {{{SUM}}}", "{combine: sum}", Kind.MONEY),
        (f"a: {{{SUM}}}", "{combine: sum, min: 0, max: 1000}", Kind.DECIMAL),
        (f"a: {{{SUM}}}", "{combine: sum, min: 0, max: 100000000001}", Kind.MONEY),
        (f"a: {{{COUNT}}}", "{combine: sum}", Kind.DECIMAL),
        ("a: {type: column, column: numberofemployees}", "{combine: sum}", Kind.DECIMAL),
        ("a: {type: column, column: totalamount_base}", "{combine: sum}", Kind.MONEY),
        ("a: {type: column, column: totalamount_base, transform: value / 2}", "{combine: sum}",
         Kind.MONEY),
        (f"n: {{{COUNT}, scored: false}}\na: {{type: expression, expression: n * n}}",
         "{combine: sum}", Kind.DECIMAL),
        (f"n: {{{SUM}, scored: false}}\na: {{type: expression, expression: n / 2}}",
         "{combine: sum}", Kind.MONEY),
    ],
)  # fmt: skip
def test_only_a_score_that_may_pass_the_range_of_a_decimal_column_is_money(
    indicators: str, score: str, kind: Kind
) -> None:
    (spec,) = output_columns(scored(indicators, score), SCHEMA)
    assert spec.column.kind is kind


@pytest.mark.parametrize(("decimals", "places"), [(0, 0), (2, 2), (4, 4), (10, 10), (-3, 0)])
def test_a_score_column_has_the_decimals_of_the_score(decimals: int, places: int) -> None:
    model = scored(f"a: {{{COUNT}}}", f"{{combine: sum, decimals: {decimals}}}")
    assert output_columns(model, SCHEMA)[0].column.places == places


@pytest.mark.parametrize(
    ("indicator", "decimals", "most"), [(f"{{{COUNT}}}", 11, "10"), (f"{{{SUM}}}", 5, "4")]
)
def test_more_decimals_than_any_fitting_column_holds_are_refused(
    indicator: str, decimals: int, most: str
) -> None:
    model = scored(f"a: {indicator}", f"{{combine: sum, decimals: {decimals}}}")
    with pytest.raises(RuleError, match=rf"holds {most} decimals at most, {decimals} are asked"):
        output_columns(model, SCHEMA)


@pytest.mark.parametrize(
    ("score", "kind"), [("{combine: sum, max: 900, min: 0}", Kind.DECIMAL), ("{}", Kind.MONEY)]
)
def test_a_score_of_scores_is_as_large_as_the_models_it_reads(score: str, kind: Kind) -> None:
    models = [
        scored("a: {type: column, column: regardingobjectid.gs_score, weight: 5}", "{}", "task"),
        scored("a: {type: column, column: customerid.gs_score, weight: 5}", "{}", "invoice"),
        scored(f"a: {{{SUM}}}", score),
    ]
    columns = manifest(models, (), "http://127.0.0.1:1", "k", SCHEMA).columns
    assert [spec.column.kind for spec in columns] == [kind] * 3
    again = with_planned(SCHEMA, manifest(models, (), "http://127.0.0.1:1", "k", SCHEMA))
    assert manifest(models, (), "http://127.0.0.1:1", "k", again).columns == columns


def test_a_sum_of_rials_beyond_the_range_of_decimal_columns_fits_its_money_column() -> None:
    (spec,) = output_columns(scored(f"a: {{{SUM}}}"), SCHEMA)
    assert spec.column.maximum is not None
    assert spec.column.maximum > Decimal(10**14)
    assert spec.fits == {Kind.MONEY}
