"""Reads, folds and results of all models of one table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from gradesys.records import AllOf, AnyOf, Compare, Narrowing, Page, Plan, Scope
from gradesys.rules.evaluation import Evaluation
from tests.rules.accounts import SCHEMA
from tests.rules.scored import NOON, compiled, result, store

INVOICES = "type: aggregate, of: invoice, lookup: customerid"
PAID = f"{INVOICES}, op: sum, column: amount"
TABLES = """
account: [{accountid: a1, statecode: 0}, {accountid: A2, statecode: 1}]
invoice:
  - {invoiceid: i1, customerid: A1, customerid@type: account,
     amount: 10, paid: 2, on: "2026-06-15"}
  - {invoiceid: i2, customerid: a1, customerid@type: account,
     amount: 0.5, paid: 1, on: "2026-06-01"}
  - {invoiceid: i3, customerid: a1, customerid@type: contact,
     amount: 100, paid: 2, on: "2026-06-15"}
  - {invoiceid: i4, customerid: a2, customerid@type: account,
     amount: 1000, paid: 2, on: null}
"""
SUM = compiled(f"id: sum, population: {{statecode: 0}}, indicators: {{x: {{{PAID}}}}}}}")
TWO = compiled(
    f"id: two, indicators: {{x: {{{PAID}}}, y: {{{PAID}, filter: {{paid: 2}}}},"
    f" z: {{{INVOICES}, op: max, column: paid, window: {{date: on, last: 1 day}}}}}}}}"
)


def test_the_scored_rows_are_read_once_and_equal_child_reads_are_united() -> None:
    target, child = Evaluation([SUM, TWO], NOON).reads

    assert (target.table, target.key, target.target) == ("account", "accountid", "account")
    assert target.columns == ("accountid", "statecode")
    assert (child.table, child.key, child.target) == ("invoice", "customerid", "account")
    assert child.columns == ("amount", "customerid", "invoiceid", "on", "paid")


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("a1", {"sum": "10.50", "two": "22.50"}),
        ("a2", {"sum": None, "two": "2000.00"}),
    ],
)
def test_models_of_a_table_are_scored_together(id: str, expected: dict[str, str | None]) -> None:
    evaluation = Evaluation([SUM, TWO], NOON)
    for page in store(TABLES).pages(Plan(evaluation.reads, Scope("account"))):
        evaluation.add(page)

    cards = {found.id: found.cards for found in evaluation.results()}[id]

    scores = {name: None if card.score is None else str(card.score) for name, card in cards.items()}
    assert scores == expected


def pages(evaluation: Evaluation) -> Iterator[Page]:
    """Every row as a page of its own."""
    for page in store(TABLES).pages(Plan(evaluation.reads, Scope("account"))):
        yield from (Page(page.read, (row,)) for row in page.rows)


def test_pages_may_come_in_any_order() -> None:
    seen = set()
    for order in permutations(pages(Evaluation([TWO], NOON))):
        evaluation = Evaluation([TWO], NOON)
        for page in order:
            evaluation.add(page)
        by_id = {found.id: found.cards["two"].values for found in evaluation.results()}
        seen.add(str(sorted((id, sorted(values.items())) for id, values in by_id.items())))

    assert len(seen) == 1


def test_the_scored_rows_are_known_before_anything_is_scored() -> None:
    evaluation = Evaluation([TWO], NOON)
    for page in pages(evaluation):
        evaluation.add(page)
    assert evaluation.ids == tuple(found.id for found in evaluation.results()) == ("a1", "a2")


def test_cut_points_are_measured_for_models_that_rank_only() -> None:
    ranked = "grades: {bands: [{grade: A, top_percent: 50}, {grade: B}]}"
    model = compiled(f"id: r, indicators: {{n: {{type: column, column: n}}}}, {ranked}}}")
    evaluation = Evaluation([TWO, model], NOON)
    for page in pages(evaluation):
        evaluation.add(page)
    assert set(evaluation.measure()) == {"r"}


def test_cut_points_measured_before_grade_like_those_measured_now() -> None:
    ranked = "grades: {bands: [{grade: A, top_percent: 50}, {grade: B}]}"
    model = compiled(f"id: r, indicators: {{n: {{type: column, column: n}}}}, {ranked}}}")
    measuring, applying = Evaluation([model], NOON), Evaluation([model], NOON)
    for page in pages(measuring):
        measuring.add(page)
        applying.add(page)
    applying.apply(measuring.measure())
    grades = [
        [found.cards["r"].grade for found in evaluation.results()]
        for evaluation in (measuring, applying)
    ]
    assert grades[0] == grades[1] != [None, None]


def test_a_part_tells_rows_and_window() -> None:
    (x, _, z) = result([TWO], TABLES).cards["two"].breakdown.parts

    assert (x.rows, x.window) == (2, None)
    assert (z.rows, z.window) == (1, (date(2026, 6, 15), date(2026, 6, 16)))


def test_a_bad_child_row_is_an_error_of_its_record_only() -> None:
    tables = TABLES.replace("amount: 1000", "amount: much")
    tables += "  - {invoiceid: i5, customerid: a2, customerid@type: account, amount: more}\n"
    evaluation = Evaluation([SUM, TWO], NOON)
    for page in store(tables).pages(Plan(evaluation.reads, Scope("account"))):
        evaluation.add(page)

    errors = {found.id: set(found.errors) for found in evaluation.results()}

    assert errors == {"a1": set(), "a2": {"two"}}


@pytest.mark.parametrize(
    "way",
    ["lookup: customerid", "path: [{child: invoice, lookup: customerid, filter: {paid: {gt: 0}}}]"],
)
def test_rows_that_have_no_order_are_an_error_of_their_record_only(way: str) -> None:
    model = compiled(
        f"id: m, indicators: {{x: {{type: aggregate, of: invoice, {way}, op: sum, column: paid,"
        " order_by: [{column: amount}], limit: 1}}}"
    )
    evaluation = Evaluation([model], NOON)
    tables = TABLES.replace("amount: 10,", "amount: much,")
    for page in store(tables).pages(Plan(evaluation.reads, Scope("account"))):
        evaluation.add(page)

    errors = {found.id: list(map(str, found.errors.values())) for found in evaluation.results()}

    assert errors == {"a1": ["a number has no order with text"], "a2": []}


def test_expressions_see_indicators_in_dependency_order_and_params() -> None:
    model = compiled(
        "params: {k: 3, a: 1000}, indicators: {c: {type: expression, expression: b + k},"
        " b: {type: expression, expression: a * 2},"
        " a: {type: column, column: n, transform: value + k}}}"
    )

    card = result([model], "{account: [{accountid: a1, n: 1}]}").cards["case"]

    assert card.values == {"a": Decimal(4), "b": Decimal(8), "c": Decimal(11)}


def test_a_number_beyond_all_bounds_is_an_error_of_the_record() -> None:
    model = compiled(
        "indicators: {n: {type: column, column: n, scored: false},"
        " x: {type: expression, expression: ((n ** 16) ** 16) ** 10 * n ** 4, weight: 1e400}}}"
    )

    found = result([model], "{account: [{accountid: a1, n: 1e390}]}")

    assert str(found.errors["case"]) == "a number is too large"
    assert not found.cards


def test_reads_are_not_narrowed_without_metadata() -> None:
    assert {read.where for read in Evaluation([SUM, TWO], NOON).reads} == {AllOf(())}


OPEN = Compare("statecode", "eq", Decimal(0))
MINE = Compare("x", "gt", Decimal(5))


@pytest.mark.parametrize(
    ("heads", "where"),
    [
        (["population: {statecode: 0},"], OPEN),
        (["population: {statecode: 0},", "population: {statecode: 0},"], OPEN),
        (["population: {statecode: 0},", "population: {x: {gt: 5}},"], AnyOf((OPEN, MINE))),
        (["population: {statecode: 0},", ""], AllOf(())),
        (["population: {statecode: 0}, leave: clear,"], AllOf(())),
    ],
)
def test_scored_rows_outside_every_population_are_left_out_unless_they_may_be_cleared(
    heads: list[str], where: Narrowing
) -> None:
    models = [
        compiled(f"{head} id: m{number}, indicators: {{}}}}", SCHEMA)
        for number, head in enumerate(heads)
    ]

    assert Evaluation(models, NOON).reads[0].where == where
