"""Associate and Disassociate reach the records at the near end, whichever row was the target."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gradesys.records import Column, Event, Key, KeyKind, Kind, ManyToMany, Ref, Schema, Table
from gradesys.rules.affected import affected
from gradesys.rules.expanding import errand
from gradesys.rules.rulebook import Rulebook
from gradesys.rules.subscriptions import steps
from tests.rules.org import SCHEMA, rulebook, table

ENDS = (("list", "listid"), ("account", "entityid"))
LINKS = ManyToMany("listaccount_association", "listmember", ENDS)
PARTNERS = ManyToMany(
    "partners", "gs_partners", (("account", "accountidone"), ("account", "accountidtwo"))
)
MODEL = """
id: m
table: account
output: {score: gs_score}
indicators: {x: {type: aggregate, of: OF, op: count,
                 path: [{many: OF, intersect: LINKS, near: NEAR, far: FAR}]}}
"""


def links(relation: ManyToMany) -> Table:
    columns = (Column(column, Kind.ID) for _, column in relation.ends)
    return table(relation.intersect, columns)


def schema() -> Schema:
    account = replace(SCHEMA["account"], many=(LINKS, PARTNERS))
    lists = table("list", (Column("listname", Kind.TEXT),))
    tables = {"account": account, "list": lists, "listmember": links(LINKS)}
    return {**SCHEMA, **tables, "gs_partners": links(PARTNERS)}


def book(of: str, relation: str, near: str, far: str) -> Rulebook:
    text = MODEL.replace("OF", of).replace("LINKS", relation)
    return rulebook(text.replace("NEAR", near).replace("FAR", far), schema=schema())


LISTS = book("list", "listmember", "entityid", "listid")
PARTNER = book("account", "gs_partners", "accountidone", "accountidtwo")
A1, A2, L1 = Ref("account", "a1"), Ref("account", "a2"), Ref("list", "l1")


def linked(relation: str, target: Ref, *related: Ref) -> Event:
    parameters = {"Relationship": relation, "RelatedEntities": related}
    return Event("Associate", *target, "org", parameters=parameters)


@pytest.mark.parametrize("message", ["Associate", "Disassociate"])
@pytest.mark.parametrize(
    ("rules", "event", "marked"),
    [
        (LISTS, linked("listaccount_association", A1, L1), {"a1"}),
        (LISTS, linked("ListAccount_Association", L1, A1, A2), {"a1", "a2"}),
        (LISTS, linked("listaccount_association", A1), {"a1"}),
        (LISTS, linked("listaccount_association", L1), set()),
        (LISTS, linked("listcontact_association", L1, A1), set()),
        (PARTNER, linked("partners", A1, A2), {"a1", "a2"}),
    ],
)
def test_a_link_marks_the_records_that_it_brings_near(
    rules: Rulebook, event: Event, marked: set[str], message: str
) -> None:
    found = affected(rules, replace(event, message=message))
    assert found == {Key(KeyKind.TARGET, "account", id) for id in marked}


def test_links_are_heard_of_through_two_steps_of_all_tables() -> None:
    every = [(step.table, step.message) for step in steps(PARTNER) if not step.optional]
    assert every == [("", "Associate"), ("", "Disassociate"), ("account", "Create")]


def test_members_of_lists_are_heard_of_by_steps_that_an_organisation_may_lack() -> None:
    found = [step.message for step in steps(LISTS) if step.table == "list"]
    assert found == ["AddMember", "AddListMembers", "CopyMembers", "RemoveMember"]
    assert all(step.optional for step in steps(LISTS) if step.table == "list")
    assert not [step for step in steps(PARTNER) if step.table == "list"]


def test_a_row_at_the_far_end_expands_over_its_links() -> None:
    named = MODEL.replace("op: count", "op: mode, column: listname")
    for old, new in (("OF", "list"), ("LINKS", "listmember"), ("NEAR", "entityid")):
        named = named.replace(old, new)
    lists = rulebook(named.replace("FAR", "listid"), schema=schema())
    (key,) = affected(lists, Event("Update", "list", "l1", "org", changed=frozenset({"listname"})))
    assert key == Key(KeyKind.EXPAND, "list", "l1", "across account listid listmember entityid")
    across = errand(lists, key)
    assert across.read.columns == ("entityid", "listid", "listmemberid")
    link = {"listmemberid": "m1", "listid": "l1"}
    assert set(across.follow({**link, "entityid": "A1"})) == {Key(KeyKind.TARGET, "account", "a1")}
    assert set(across.follow({**link, "entityid": None})) == set()
