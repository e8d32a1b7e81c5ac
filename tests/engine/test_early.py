"""Events that come before the rules that want them: kept without asking anybody, answered later."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from gradesys.engine import Context
from gradesys.errors import TemporaryError
from gradesys.live.early import MOST, keep, read_event, reconsider
from gradesys.live.handling import HANDLERS, handle
from gradesys.records import Event, KeyKind, Ref
from tests.clock import Clock
from tests.engine.world import CUSTOMERS, MemoryOrg, context_of, small_org, target
from tests.functions.test_triggers import MemoryApp, event_of, posted
from tests.marks.faulty import FaultyMarks, Memory

A1, A2, L1 = Ref("account", "a1"), Ref("account", "a2"), Ref("list", "l1")
MOVED = Event(
    "Update",
    "invoice",
    "i1",
    "org",
    {"customerid": A1},
    {"customerid": A2},
    frozenset({"customerid"}),
)
LEFT_OUT = """
schema: gradesys/v1
id: left_out
table: salesorder
indicators: {x: {type: column, column: no_such_column}}
output: {score: gs_score}
"""
ALL = {**HANDLERS, KeyKind.EVENT: reconsider}


@pytest.mark.parametrize(
    "event",
    [
        MOVED,
        Event("Delete", "invoice", "i1", "org", {"customerid": A1, "ownerid": None}),
        Event("Create", "invoice", "i1", "org", after={"customerid": A1}),
        Event("Merge", "account", "a1", "org", parameters={"SubordinateId": "a2"}),
        Event(
            "Associate",
            "list",
            "l1",
            "",
            parameters={"Relationship": "x", "RelatedEntities": (A1, A2)},
        ),
        Event(
            "AddListMembers", "list", "l1", "", parameters={"ListId": "l1", "MemberIds": ("a", "b")}
        ),
        Event("Update", "invoice", "i1", "", truncated=True),
    ],
)
def test_an_event_is_kept_with_every_id_that_it_told(event: Event) -> None:
    (key,) = keep(FaultyMarks(Memory(), Clock()), event)
    assert read_event(key) == replace(event, organization="")


def test_what_a_body_says_besides_ids_is_not_kept() -> None:
    told = Event("gs_Any", "", "", "", parameters={"Name": "canary", "ListId": "l1"})
    (key,) = keep(FaultyMarks(Memory(), Clock()), told)
    assert "canary" not in key.via


def test_an_event_of_many_ids_is_kept_in_parts() -> None:
    ids = tuple(f"m{number}" for number in range(2 * MOST + 1))
    told = Event("AddListMembers", "list", "l1", "", parameters={"ListId": "l1", "MemberIds": ids})
    keys = keep(FaultyMarks(Memory(), Clock()), told)
    parts = [read_event(key).parameters["MemberIds"] for key in keys]
    assert sorted(map(len, parts)) == [1, MOST, MOST]
    assert {id for part in parts for id in part} == set(ids)


@pytest.fixture
def org() -> MemoryOrg:
    return small_org()


def test_a_kept_event_marks_what_it_would_have_marked(tmp_path: Path, org: MemoryOrg) -> None:
    context = context_of(org, tmp_path, CUSTOMERS)
    keep(context.marks, MOVED)
    handle(context, context.marks.claim(1), ALL)
    keys = [target("a1"), target("a2")]
    assert context.marks.waiting(keys) == set(keys)
    assert context.marks.stats().dirty == 2


def test_it_waits_for_rules_that_are_newer_where_one_is_left_out(
    tmp_path: Path, org: MemoryOrg
) -> None:
    """Deploy may just have made what the left-out model misses."""
    old = replace(context_of(org, tmp_path, CUSTOMERS, LEFT_OUT), since=org.clock() - 5)
    keys = keep(old.marks, Event("Update", "salesorder", "o1", ""))
    handle(old, old.marks.claim(1), ALL)
    assert old.marks.waiting(keys) == keys
    org.clock.forward(3)
    handle(replace(old, since=org.clock() - 1), old.marks.claim(1), ALL)
    assert old.marks.stats().dirty == 0


class Starting(MemoryApp):
    """Nothing is loaded, and nothing may be asked for."""

    def at_hand(self) -> Context | None:
        return None

    def context(self) -> Context:
        raise TemporaryError("Dataverse has not answered yet")

    def organization(self) -> str:
        return ""


def test_before_anything_is_loaded_events_are_accepted_and_kept(tmp_path: Path) -> None:
    app = Starting(tmp_path, small_org())
    reply = posted(app, event_of("invoice"))
    assert (reply.status, reply.body) == (202, {"marked": 1})
    assert app.marks.stats().dirty == 1
    assert app.metrics.counts() == {"early": 1}
