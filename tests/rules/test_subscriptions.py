"""Which steps the rules need (rules.md section 7): the columns they read, never what they write."""

from __future__ import annotations

from msgspec.structs import replace

from gradesys.rules.compile import compile_model
from gradesys.rules.rulebook import tables_named
from gradesys.rules.subscriptions import Step, steps
from tests.rules.org import (
    CUSTOMER_GRADE,
    ORDER_PRIORITY,
    SCHEMA,
    lookup,
    rulebook,
    source,
    table,
)

CONTACTED = (
    "id: m\ntable: account\noutput: {score: gs_score}\nindicators: {x: {type: aggregate, "
    "of: activitypointer, lookup: regardingobjectid, op: count, filter: {statecode: 1}}}"
)


def by_key(*texts: str) -> dict[tuple[str, str], Step]:
    return {(step.table, step.message): step for step in steps(rulebook(*texts))}


def test_each_table_has_three_steps_and_only_updates_are_filtered() -> None:
    found = by_key(CUSTOMER_GRADE)
    assert {key for key in found if key[1] != "Merge"} == {
        (table, message)
        for table in ("account", "invoice", "systemuser")
        for message in ("Create", "Delete", "Update")
    }


def test_merges_are_heard_of_where_rows_can_be_merged_and_the_organisation_says_so() -> None:
    merges = [step for step in steps(rulebook(CUSTOMER_GRADE)) if step.message == "Merge"]
    assert merges == [Step("account", "Merge", optional=True)]


def test_the_columns_read_are_those_that_fire_and_lookups_to_parents_are_in_the_image() -> None:
    found = by_key(CUSTOMER_GRADE)
    assert found["invoice", "Create"] == Step("invoice", "Create")
    assert found["invoice", "Delete"] == Step("invoice", "Delete", (), ("customerid",))
    assert found["invoice", "Update"] == Step(
        "invoice",
        "Update",
        ("createdon", "customerid", "statecode", "totalamount_base"),
        ("customerid",),
    )
    assert found["account", "Update"] == Step("account", "Update", ("ownerid", "statecode"), ())
    assert found["systemuser", "Update"] == Step("systemuser", "Update", ("title",), ())


def test_outputs_of_any_model_are_never_subscribed_to() -> None:
    alone, together = by_key(ORDER_PRIORITY), by_key(ORDER_PRIORITY, CUSTOMER_GRADE)
    assert alone["account", "Update"].filtering == ("gs_score", "name", "parentaccountid")
    assert together["account", "Update"].filtering == (
        "name",
        "ownerid",
        "parentaccountid",
        "statecode",
    )
    assert together["contact", "Update"].filtering == ("gs_score",)


def test_of_a_table_of_which_only_outputs_are_read_nothing_but_new_rows_matter() -> None:
    order = "id: o\ntable: salesorder\noutput: {score: gs_score}\nindicators: "
    contact = "id: c\ntable: contact\noutput: {score: gs_score}"
    found = by_key(order + "{x: {type: column, column: customerid.gs_score}}", contact)
    assert sorted(found) == [
        ("account", "Create"),
        ("account", "Delete"),
        ("account", "Merge"),
        ("account", "Update"),
        ("contact", "Create"),
        ("contact", "Merge"),
        ("salesorder", "Create"),
        ("salesorder", "Delete"),
        ("salesorder", "Update"),
    ]


def test_new_rows_of_a_scored_table_are_heard_of_even_when_nothing_of_it_is_read() -> None:
    found = by_key(
        "id: m\ntable: account\noutput: {score: gs_score}\nindicators: {x: {type: aggregate, "
        "of: invoice, lookup: customerid, op: count}}"
    )
    assert [message for table, message in found if table == "account"] == ["Create", "Merge"]
    assert found["invoice", "Update"].filtering == ("customerid",)


def test_the_image_holds_every_lookup_that_leads_to_a_scored_record() -> None:
    found = by_key(CUSTOMER_GRADE, ORDER_PRIORITY)
    assert found["invoice", "Update"].image == ("customerid", "salesorderid")
    assert found["salesorder", "Update"].image == ()


def test_activities_are_heard_under_their_own_names() -> None:
    found = by_key(CONTACTED)
    assert sorted({table for table, _ in found}) == ["account", "email", "phonecall"]
    assert found["email", "Update"].filtering == ("regardingobjectid", "statecode")


def test_a_custom_activity_is_heard_too_where_metadata_names_it_and_the_organisation_lets_us() -> (
    None
):
    pointer = replace(SCHEMA["activitypointer"], activities=("email", "gs_visit"))
    visits = table("gs_visit", (lookup("regardingobjectid", "account"),))
    schema = {**SCHEMA, "activitypointer": pointer, "gs_visit": visits}
    heard = [step for step in steps(rulebook(CONTACTED, schema=schema)) if step.table != "account"]
    assert {(step.table, step.optional) for step in heard} == {("email", False), ("gs_visit", True)}
    assert "gs_visit" in tables_named([compile_model(source(CONTACTED).model, None)], schema)
