"""Rows that must exist: created with everything, changed with the difference, or refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from gradesys.deploy.actions import ActionKind
from gradesys.deploy.rowspecs import Link, RowSpec, row_action

PARENT = Link("_parentid_value", "parentid", "parents", "p1")
SPEC = RowSpec(
    entity_set="things",
    key="thingid",
    id="t1",
    what="thing",
    values={"name": "N", "mode": 1, "kind": "k"},
    links=(PARENT,),
    fixed=frozenset({"kind"}),
    initial={"path": ""},
    changing={"secret": "s"},
    kept={"isset": True},
)
STORED = {"name": "N", "mode": Decimal(1), "kind": "k", "_parentid_value": "p1", "isset": True}


def test_a_missing_row_is_created_with_its_derived_id_and_its_bindings() -> None:
    action = row_action(SPEC, None)
    (call,) = action.calls
    assert (action.kind, call.method, call.path) == (ActionKind.CREATE, "POST", "things")
    assert call.body == {
        "thingid": "t1", "name": "N", "mode": 1, "kind": "k", "path": "",
        "parentid@odata.bind": "/parents(p1)",
    }  # fmt: skip


def test_a_row_that_is_as_it_should_be_is_left() -> None:
    assert row_action(SPEC, STORED).kind is ActionKind.LEAVE


@pytest.mark.parametrize(
    ("stored", "body"),
    [
        ({"name": "M"}, {"name": "N", "secret": "s"}),
        ({"mode": Decimal(0), "name": None}, {"name": "N", "mode": 1, "secret": "s"}),
        ({"_parentid_value": "p2"}, {"parentid@odata.bind": "/parents(p1)", "secret": "s"}),
        ({"isset": False}, {"secret": "s"}),
    ],
)
def test_a_different_row_is_changed_by_the_difference_and_never_created_anew(
    stored: Mapping[str, Any], body: Mapping[str, Any]
) -> None:
    action = row_action(SPEC, {**STORED, **stored})
    (call,) = action.calls
    assert (action.kind, call.method, call.path) == (ActionKind.CHANGE, "PATCH", "things(t1)")
    assert (call.body, call.headers) == (body, {"If-Match": "*"})


def test_a_difference_that_cannot_be_changed_is_refused_and_named() -> None:
    action = row_action(SPEC, {**STORED, "kind": "other"})
    assert action.kind is ActionKind.REFUSE
    assert "kind" in action.why
    assert action.calls == ()


def test_the_repr_of_a_call_does_not_show_its_body() -> None:
    assert "secret" not in repr(row_action(SPEC, {**STORED, "isset": False}).calls)
