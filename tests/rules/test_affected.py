"""From events to keys (rules.md section 7): never too few, and known ones without asking."""

from __future__ import annotations

from typing import Any

import pytest

from gradesys.records import Event, Key, KeyKind, Ref, Row
from gradesys.rules.affected import affected, dependants
from gradesys.rules.expanding import errand
from gradesys.rules.telling import counted
from tests.rules.org import CUSTOMER_GRADE, ORDER_PRIORITY, rulebook

BOOK = rulebook(CUSTOMER_GRADE, ORDER_PRIORITY)
A1, A2, C1 = Ref("account", "a1"), Ref("account", "a2"), Ref("contact", "c1")
A3 = Ref("account", "a3")
S1 = Ref("salesorder", "s1")


def target(table: str, id: str) -> Key:
    return Key(KeyKind.TARGET, table, id)


def expand(table: str, id: str, via: str) -> Key:
    return Key(KeyKind.EXPAND, table, id, via)


RESOLVE = Key(KeyKind.RESOLVE, "invoice", "i1")
BILLS_OF = "down invoice customerid>up salesorder salesorderid"
UP_TO_BILLS = f"down account parentaccountid>{BILLS_OF}"
ORDERS_OF = "down salesorder customerid"
GROUP = expand("account", "a1", UP_TO_BILLS)


def keys(message: str, table: str, id: str, **told: Any) -> set[Key]:
    return set(affected(BOOK, Event(message, table, id, "org", **told)))


def changed(*columns: str) -> frozenset[str]:
    return frozenset(columns)


@pytest.mark.parametrize(
    ("message", "told", "expected"),
    [
        ("Create", {"after": {"customerid": A1, "salesorderid": None}}, {target("account", "a1")}),
        ("Create", {"after": {"customerid": C1, "salesorderid": S1}}, {target("salesorder", "s1")}),
        ("Create", {"after": {"customerid": A1}}, {target("account", "a1"), RESOLVE}),
        ("Create", {}, {RESOLVE}),
        ("Delete", {"before": {"customerid": A1, "salesorderid": S1}},
         {target("account", "a1"), target("salesorder", "s1")}),
        ("Delete", {}, set()),
        ("Update", {"before": {"customerid": A1}, "after": {"customerid": A2},
                    "changed": changed("customerid")},
         {target("account", "a1"), target("account", "a2"), RESOLVE}),
        ("Update", {"before": {"customerid": A1}, "after": {}, "changed": changed("createdon")},
         {target("account", "a1")}),
        ("Update", {"before": {"customerid": A1}, "after": {"customerid": None},
                    "changed": changed("createdon", "customerid")},
         {target("account", "a1"), RESOLVE}),
        ("Update", {"after": {"customerid": A2}, "changed": changed("totalamount_base")},
         {target("account", "a2")}),
        ("Update", {"before": {"customerid": A1}, "changed": changed("totalamount_base")},
         {target("account", "a1"), RESOLVE}),
        ("Update", {"before": {}, "after": {}, "changed": changed("statecode")}, {RESOLVE}),
        ("Update", {"before": {"customerid": A1}, "after": {}, "changed": changed("name")}, set()),
        ("Update", {"before": {"customerid": A1, "salesorderid": S1}, "after": {}},
         {target("account", "a1"), target("salesorder", "s1")}),
        ("SetState", {}, {RESOLVE}),
    ],
)  # fmt: skip
def test_a_child_row_leads_to_its_parents_before_and_after(
    message: str, told: dict[str, Any], expected: set[Key]
) -> None:
    assert keys(message, "invoice", "i1", **told) == expected


@pytest.mark.parametrize(
    ("message", "told", "expected"),
    [
        ("Create", {}, {target("account", "a1")}),
        ("Update", {"changed": changed("statecode")}, {target("account", "a1")}),
        ("Update", {"changed": changed("ownerid", "gs_score")}, {target("account", "a1")}),
        ("Update", {"changed": changed("gs_score", "gs_grade")}, set()),
        ("Update", {"changed": changed("creditlimit")}, set()),
        ("Update", {}, {target("account", "a1")}),
        ("Delete", {}, set()),
    ],
)
def test_a_scored_row_is_its_own_key_unless_it_is_gone(
    message: str, told: dict[str, Any], expected: set[Key]
) -> None:
    direct = {key for key in keys(message, "account", "a1", **told) if key.kind is KeyKind.TARGET}
    assert direct == expected


@pytest.mark.parametrize(
    ("table", "columns", "expected"),
    [
        ("systemuser", ("title",), {expand("systemuser", "u", "down account ownerid")}),
        ("systemuser", ("fullname",), set()),
        ("team", ("name",), set()),
        ("account", ("name",), {expand("account", "u", UP_TO_BILLS)}),
        ("account", ("parentaccountid",), {expand("account", "u", BILLS_OF)}),
        ("contact", ("gs_score",), {expand("contact", "u", ORDERS_OF)}),
        ("lead", ("name",), set()),
    ],
)
def test_a_parent_row_expands_to_the_rows_that_point_at_it(
    table: str, columns: tuple[str, ...], expected: set[Key]
) -> None:
    assert keys("Update", table, "u", changed=changed(*columns)) == expected


@pytest.mark.parametrize(
    ("message", "told", "names"),
    [
        ("Create", {}, ["events"]),
        ("Delete", {"before": {"customerid": A1}}, ["events"]),
        ("Delete", {}, ["events", "events_without_preimage"]),
        ("Update", {}, ["events", "events_without_preimage"]),
        ("Update", {"changed": changed("createdon")}, ["events"]),
        ("Update", {"changed": changed("customerid")}, ["events", "events_without_preimage"]),
    ],
)
def test_an_event_that_hides_a_former_parent_is_counted(
    message: str, told: dict[str, Any], names: list[str]
) -> None:
    assert list(counted(BOOK, Event(message, "invoice", "i1", "org", **told))) == names


def test_a_merge_touches_both_records() -> None:
    found = keys("Merge", "account", "a1", parameters={"SubordinateId": "a2"})
    assert {target("account", "a1"), target("account", "a2"), GROUP} <= found
    assert expand("account", "a2", BILLS_OF) in found


def test_whoever_writes_a_score_marks_those_who_read_it() -> None:
    found = dependants(BOOK, "account", "a1", {"gs_score", "gs_grade"})
    assert found == {expand("account", "a1", ORDERS_OF)}
    assert dependants(BOOK, "account", "a1", {"gs_grade"}) == frozenset()
    assert dependants(BOOK, "salesorder", "s1", {"gs_score"}) == frozenset()


def led_to(key: Key, row: Row) -> set[Key]:
    return set(errand(BOOK, key).follow(row))


def test_a_resolved_row_leads_to_its_parents() -> None:
    assert errand(BOOK, RESOLVE).read.columns == ("customerid", "invoiceid", "salesorderid")
    row: Row = {"invoiceid": "I1", "customerid": A1, "salesorderid": S1}
    assert led_to(RESOLVE, row) == {target("account", "a1"), target("salesorder", "s1")}
    assert led_to(RESOLVE, {"invoiceid": "i1", "customerid": C1}) == set()


def test_an_expanded_row_is_a_target_or_leads_on() -> None:
    orders = expand("account", "a1", ORDERS_OF)
    assert led_to(orders, {"salesorderid": "s1", "customerid": A1}) == {target("salesorder", "s1")}
    child: Row = {"accountid": "a2", "parentaccountid": A1}
    assert led_to(GROUP, child) == {expand("account", "a2", BILLS_OF)}
    assert errand(BOOK, GROUP).read.columns == ("accountid", "parentaccountid")


def test_rows_that_were_expanded_to_lead_up_the_lookup_of_their_aggregate() -> None:
    row: Row = {"invoiceid": "i1", "customerid": A1, "salesorderid": S1}
    assert led_to(expand("account", "a1", BILLS_OF), row) == {target("salesorder", "s1")}


def test_an_activity_leads_to_what_it_regards() -> None:
    book = rulebook(
        "id: m\ntable: account\noutput: {score: gs_score}\nindicators: {x: {type: aggregate, "
        "of: activitypointer, lookup: regardingobjectid, op: count}}"
    )
    event = Event("Create", "phonecall", "p1", "org", after={"regardingobjectid": A1})
    assert affected(book, event) == {target("account", "a1")}
    lost = Key(KeyKind.RESOLVE, "phonecall", "p1")
    assert errand(book, lost).read.columns == ("activityid", "regardingobjectid")


FAMILY = rulebook(
    "id: m\ntable: account\noutput: {score: gs_score}\nindicators: {x: {type: aggregate, "
    "of: invoice, lookup: customerid, op: count, hierarchy: {lookup: parentaccountid, depth: 1}}}"
)


def climb(id: str, depth: int) -> Key:
    return expand("account", id, f"climb account parentaccountid {depth}")


@pytest.mark.parametrize(
    ("message", "told", "expected"),
    [
        ("Update", {"before": {"parentaccountid": A1}, "after": {"parentaccountid": A3}},
         {climb("a1", 0), climb("a3", 0), target("account", "a2")}),
        ("Update", {"before": {"parentaccountid": A1}, "after": {"parentaccountid": None}},
         {climb("a1", 0), target("account", "a2")}),
        ("Update", {}, {climb("a2", 1)}),
        ("Delete", {"before": {"parentaccountid": A1}}, {climb("a1", 0)}),
        ("Delete", {}, set()),
    ],
)  # fmt: skip
def test_a_moved_row_of_a_hierarchy_touches_the_ancestors_it_had_and_has(
    message: str, told: dict[str, Any], expected: set[Key]
) -> None:
    event = Event(message, "account", "a2", "org", changed=changed("parentaccountid"), **told)
    assert affected(FAMILY, event) == expected


@pytest.mark.parametrize(("depth", "above"), [(2, 1), (1, 0), (-1, -1)])
def test_a_climb_goes_on_to_the_parent_one_level_less_deep(depth: int, above: int) -> None:
    row: Row = {"accountid": "A2", "parentaccountid": A1}
    up = errand(FAMILY, climb("a2", depth))
    assert up.read.columns == ("accountid", "parentaccountid")
    assert set(up.follow(row)) == {target("account", "a2")}
    assert set(up.onward(row)) == {climb("a1", above)}
    assert set(errand(FAMILY, climb("a2", 0)).onward(row)) == set()
    assert set(up.onward({"accountid": "a2"})) == set()


def test_a_row_that_was_expanded_to_leads_to_its_parent() -> None:
    contact = expand("contact", "c1", "up account accountid")
    assert errand(BOOK, contact).read.columns == ("accountid", "contactid")
    assert led_to(contact, {"contactid": "c1", "accountid": A1}) == {target("account", "a1")}
    assert led_to(contact, {"contactid": "c1"}) == set()


def test_a_new_record_is_scored_even_when_nothing_of_its_row_is_read() -> None:
    book = rulebook(
        "id: m\ntable: account\noutput: {score: gs_score}\nindicators: {x: {type: aggregate, "
        "of: invoice, lookup: customerid, op: count}}"
    )
    assert affected(book, Event("Create", "account", "a1", "org")) == {target("account", "a1")}
    assert affected(book, Event("Update", "account", "a1", "org")) == frozenset()
