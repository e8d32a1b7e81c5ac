"""Models against an organisation's metadata: which work, in which order, which tables they need."""

from __future__ import annotations

import pytest

from gradesys.rules.compile import compile_model
from gradesys.rules.rulebook import tables_named
from tests.rules.org import CUSTOMER_GRADE, ORDER_PRIORITY, SCHEMA, lookup, rulebook, source, table

BAD = "id: bad\ntable: invoice\nindicators: {x: {type: column, column: nam}}\noutput: {score: name}"
CHAIN = [
    "id: c\ntable: invoice\nindicators: {x: {type: column, column: salesorderid.gs_score}}\n"
    "output: {model_version: name}",
    ORDER_PRIORITY,
    CUSTOMER_GRADE,
]


def ids(texts: list[str]) -> list[str]:
    return [model.model.id for model in rulebook(*texts).models]


def test_models_come_after_those_whose_outputs_they_read() -> None:
    assert ids(CHAIN) == ids(CHAIN[::-1]) == ["customer_grade", "order_priority", "c"]


def test_fault_25_a_model_the_organisation_cannot_serve_is_left_out_and_the_others_work() -> None:
    opened = rulebook(BAD, CUSTOMER_GRADE)
    assert [model.model.id for model in opened.by_table("account")] == ["customer_grade"]
    assert opened.by_table("invoice") == ()
    assert [str(problem) for problem in opened.problems["bad"]] == [
        "m.yaml:4:32: indicators.x.column: "
        "table 'invoice' has no column 'nam'; did you mean 'name'?",
        "m.yaml:5:10: output.score: column 'name' is of kind text; "
        "score needs one of decimal, double, integer, money",
    ]


def test_a_missing_table_stops_only_the_models_that_name_it() -> None:
    without = {name: each for name, each in SCHEMA.items() if name != "salesorder"}
    opened = rulebook(CUSTOMER_GRADE, ORDER_PRIORITY, schema=without)
    assert [model.model.id for model in opened.models] == ["customer_grade"]
    assert str(opened.problems["order_priority"][0]).startswith("m.yaml:4:1: table: unknown table")


def test_outputs_of_models_that_were_left_out_are_still_outputs() -> None:
    opened = rulebook(BAD, CUSTOMER_GRADE)
    assert opened.output_columns == {
        "account": frozenset({"gs_score", "gs_grade"}),
        "invoice": frozenset({"name"}),
    }


def test_warnings_are_kept_by_model() -> None:
    opened = rulebook(
        f"{CUSTOMER_GRADE}reasons: {{}}".replace("column: ownerid.title", "column: openrevenue")
    )
    assert [problem.place for problem in opened.warnings["customer_grade"]] == ["m.yaml:10:25"]


def test_models_that_read_one_another_through_metadata_only_are_left_out() -> None:
    things = table(
        "new_thing", (lookup("new_owner", "account"), *SCHEMA["salesorder"].columns.values())
    )
    accounts = table(
        "account", (lookup("new_best", "new_thing"), *SCHEMA["account"].columns.values())
    )
    schema = {**SCHEMA, "new_thing": things, "account": accounts}
    one = "id: one\ntable: account\nindicators: {x: {type: column, column: new_best.gs_score}}\n"
    two = "id: two\ntable: new_thing\nindicators: {x: {type: column, column: new_owner.gs_score}}\n"
    out = "output: {score: gs_score}"
    opened = rulebook(one + out, two + out, "id: three\ntable: salesorder\n" + out, schema=schema)
    assert [model.model.id for model in opened.models] == ["three"]
    assert "in a circle: " in opened.problems["one"][0].message
    assert opened.problems["one"] == opened.problems["two"]


@pytest.mark.parametrize(
    ("texts", "tables"),
    [
        ([CUSTOMER_GRADE], {"account", "invoice", "systemuser", "team"}),
        ([ORDER_PRIORITY], {"salesorder", "invoice", "account", "contact"}),
        (["id: m\ntable: new_x\noutput: {score: s}\npopulation: {new_y.z: 1}"], {"new_x"}),
        (
            [
                "id: m\ntable: account\noutput: {score: s}\nindicators: {x: {type: aggregate, "
                "of: activitypointer, lookup: regardingobjectid, op: count}}"
            ],
            {"account", "activitypointer", "appointment", "email", "fax", "letter", "phonecall",
             "serviceappointment", "task"},
        ),
    ],
)  # fmt: skip
def test_the_tables_that_models_need_are_known_before_any_metadata(
    texts: list[str], tables: set[str]
) -> None:
    assert tables_named(compile_model(source(text).model, None) for text in texts) == tables


def test_targets_of_unknown_lookups_are_named_once_their_table_is_known() -> None:
    schema = {"new_x": table("new_x", (lookup("new_y", "new_deep"),))}
    model = source("id: m\ntable: new_x\noutput: {score: s}\npopulation: {new_y.z: 1}").model
    assert tables_named([compile_model(model, None)], schema) == {"new_x", "new_deep"}
