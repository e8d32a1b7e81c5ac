"""Members of marketing lists come and go: whom it concerns, as far as it is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gradesys.records import Event, Key, KeyKind, ManyToMany, Table
from gradesys.rules.affected import affected
from gradesys.rules.expanding import errand
from gradesys.rules.telling import counted
from tests.rules.org import rulebook
from tests.rules.test_link_events import MODEL, schema

CONTACTS = ManyToMany(
    "listcontact_association", "listmember", (("list", "listid"), ("contact", "entityid"))
)
WHOLE = Key(KeyKind.EXPAND, "list", "l1", "across account listid listmember entityid")


def organisation() -> dict[str, Table]:
    """Accounts and contacts may be on lists."""
    found = dict(schema())
    return {**found, "contact": replace(found["contact"], many=(CONTACTS,))}


def text_of(id: str, table: str, of: str, near: str, far: str) -> str:
    text = MODEL.replace("id: m", f"id: {id}").replace("table: account", f"table: {table}")
    text = text.replace("OF", of).replace("LINKS", "listmember")
    return text.replace("NEAR", near).replace("FAR", far)


ACCOUNTS = rulebook(text_of("m", "account", "list", "entityid", "listid"), schema=organisation())


def event(message: str, **parameters: object) -> Event:
    return Event(message, "list", "l1", "org", parameters=parameters)


def targets(*ids: str) -> set[Key]:
    return {Key(KeyKind.TARGET, "account", id) for id in ids}


@pytest.mark.parametrize(
    ("message", "parameters", "keys"),
    [
        ("AddMember", {"ListId": "l1", "MemberIds": ("a1",)}, targets("a1")),
        ("AddListMembers", {"ListId": "l1", "MemberIds": ("a1", "a2")}, targets("a1", "a2")),
        ("RemoveMember", {"ListId": "l1", "MemberIds": ("a1",)}, targets("a1")),
        ("AddMember", {"MemberIds": ("a1",)}, targets("a1")),
        ("AddListMembers", {"ListId": "l1", "MemberIds": ()}, {WHOLE}),
        ("CopyMembers", {"ListId": "l1"}, {WHOLE}),
        ("AddMember", {}, {WHOLE}),
        ("RemoveMember", {"ListId": "l1"}, set()),
    ],
)
def test_who_came_or_went_is_marked_and_a_whole_list_where_that_is_not_told(
    message: str, parameters: dict[str, object], keys: set[Key]
) -> None:
    assert affected(ACCOUNTS, event(message, **parameters)) == keys


@pytest.mark.parametrize(("message", "others"), [("CopyMembers", {WHOLE}), ("RemoveMember", set())])
def test_a_list_that_is_scored_by_its_members_is_marked_even_where_they_are_not_told(
    message: str, others: set[Key]
) -> None:
    lists = text_of("n", "list", "account", "listid", "entityid")
    members = text_of("m", "account", "list", "entityid", "listid")
    tables = organisation()
    scored = {**tables["list"].columns, "gs_score": tables["account"].columns["gs_score"]}
    tables["list"] = replace(tables["list"], columns=scored)
    both = rulebook(lists, members, schema=tables)
    found = affected(both, event(message, ListId="l1"))
    assert found == {Key(KeyKind.TARGET, "list", "l1"), *others}


def test_a_membership_that_is_scored_itself_is_nobody_to_look_up() -> None:
    """Which rows of links came is not told; the resync finds them."""
    tables = organisation()
    numbers = {name: tables["account"].columns[name] for name in ("gs_score", "gs_whole")}
    scored = {**tables["listmember"].columns, **numbers}
    tables["listmember"] = replace(tables["listmember"], columns=scored)
    column = "{x: {type: column, column: gs_whole}}"
    text = f"id: m\ntable: listmember\noutput: {{score: gs_score}}\nindicators: {column}"
    book = rulebook(text, schema=tables)
    assert "listmember" in book.watches
    assert affected(book, event("CopyMembers", ListId="l1")) == frozenset()


def test_a_member_is_assumed_in_every_table_that_may_be_on_lists() -> None:
    """The message does not name it; a record that is not there costs one read."""
    texts = (
        text_of(table, table, "list", "entityid", "listid") for table in ("account", "contact")
    )
    both = rulebook(*texts, schema=organisation())
    told = event("AddMember", ListId="l1", MemberIds=("m1",))
    assert {(key.table, key.id) for key in affected(both, told)} == {
        ("account", "m1"),
        ("contact", "m1"),
    }


def test_a_whole_list_is_looked_up_by_its_links() -> None:
    read = errand(ACCOUNTS, WHOLE)
    assert (read.read.table, read.read.key) == ("listmember", "listid")
    link = {"listmemberid": "m1", "listid": "l1", "entityid": "A1"}
    assert set(read.follow(link)) == targets("a1")


@pytest.mark.parametrize(
    ("told", "names"),
    [
        (event("AddMember", ListId="l1", MemberIds=("a1",)), ["events"]),
        (event("RemoveMember", ListId="l1"), ["events", "members_not_told"]),
        (replace(event("AddMember"), truncated=True), ["events", "truncated", "members_not_told"]),
    ],
)
def test_members_that_are_not_told_are_counted(told: Event, names: list[str]) -> None:
    assert list(counted(ACCOUNTS, told)) == names


def test_a_list_that_no_rule_reads_marks_nothing() -> None:
    column = "{x: {type: column, column: statecode}}"
    text = f"id: m\ntable: account\noutput: {{score: gs_score}}\nindicators: {column}"
    other = rulebook(text, schema=organisation())
    told = event("AddMember", ListId="l1", MemberIds=("a1",))
    assert affected(other, told) == frozenset()
    assert list(counted(other, told)) == ["unknown_table"]
