"""Webhook bodies as events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gradesys.dataverse.events import parse_event
from gradesys.records import Ref
from tests.dataverse.bodies import (
    EVERY_ENCODING,
    NIL,
    ORGANISATION,
    body,
    entity,
    pairs,
    reference,
)
from tests.dataverse.sample import ACCOUNT_ID, CONTACT_ID, INVOICE_ID, OTHER_ID


def test_an_update_tells_lookups_before_and_after_and_the_changed_columns() -> None:
    event = parse_event(
        body(
            InputParameters=pairs(Target=entity(EVERY_ENCODING), ConcurrencyBehavior=0),
            PreEntityImages=pairs(
                gs_pre=entity({"customerid": reference("contact", CONTACT_ID, Name="X")})
            ),
            PostEntityImages=pairs(AsynchronousStepPrimaryName=entity({"name": "INV-1"})),
            ParentContext={"MessageName": "Create", "Unknown": [1, {"deep": None}]},
            SomethingNew={"nobody": "knows"},
        ),
        {},
    )
    assert (event.message, event.table, event.id) == ("Update", "invoice", INVOICE_ID)
    assert event.organization == ORGANISATION
    assert event.before == {"customerid": Ref("contact", CONTACT_ID)}
    assert event.after == {
        "customerid": Ref("account", ACCOUNT_ID),
        "salesorderid": Ref("order", OTHER_ID),
        "modifiedonbehalfby": None,
    }
    assert event.changed == frozenset(name.lower() for name in EVERY_ENCODING)
    assert (event.parameters, event.truncated) == ({}, False)


def test_a_creation_tells_lookups_after_and_no_changed_columns() -> None:
    target = entity({"customerid": reference("account", ACCOUNT_ID), "salesorderid": None})
    event = parse_event(
        body(
            message="Create",
            InputParameters=pairs(Target=target),
            OutputParameters=pairs(id=INVOICE_ID),
        ),
        {},
    )
    assert event.after == {"customerid": Ref("account", ACCOUNT_ID), "salesorderid": None}
    assert (event.before, event.changed) == (None, None)


def test_a_deletion_tells_lookups_before() -> None:
    event = parse_event(
        body(
            message="Delete",
            InputParameters=pairs(Target=reference("invoice", INVOICE_ID)),
            PreEntityImages=pairs(
                one=entity({"customerid": reference("account", ACCOUNT_ID)}),
                two=entity({"salesorderid": reference("salesorder", OTHER_ID)}),
            ),
        ),
        {},
    )
    assert event.before == {
        "customerid": Ref("account", ACCOUNT_ID),
        "salesorderid": Ref("salesorder", OTHER_ID),
    }
    assert (event.after, event.changed) == (None, None)


@pytest.mark.parametrize(
    ("message", "inputs", "row"),
    [
        ("Associate", pairs(Target=reference("account", ACCOUNT_ID)), ("account", ACCOUNT_ID)),
        ("Disassociate", pairs(Target=reference("account", ACCOUNT_ID)), ("account", ACCOUNT_ID)),
        (
            "SetStateDynamicEntity",
            pairs(EntityMoniker=reference("account", ACCOUNT_ID)),
            ("account", ACCOUNT_ID),
        ),
    ],
)
def test_the_row_is_found_in_the_target_where_the_context_has_none(
    message: str, inputs: Any, row: tuple[str, str]
) -> None:
    event = parse_event(
        body(
            message=message,
            InputParameters=inputs,
            PrimaryEntityName="none",
            PrimaryEntityId=NIL,
        ),
        {},
    )
    assert (event.table, event.id) == row


@pytest.mark.parametrize(
    "related",
    [
        [reference("list", OTHER_ID)],
        {"__type": "EntityReferenceCollection", "Items": [reference("list", OTHER_ID)]},
    ],
)
def test_a_link_tells_its_relationship_and_both_rows(related: Any) -> None:
    inputs = pairs(
        Target=reference("account", ACCOUNT_ID),
        Relationship={"PrimaryEntityRole": None, "SchemaName": "listaccount_association"},
        RelatedEntities=related,
    )
    event = parse_event(body(message="Associate", InputParameters=inputs), {})
    assert event.parameters == {
        "Relationship": "listaccount_association",
        "RelatedEntities": (Ref("list", OTHER_ID),),
    }


def test_a_merge_tells_both_rows() -> None:
    inputs = pairs(
        Target=reference("account", ACCOUNT_ID),
        SubordinateId={"__type": "Guid:#System", "__value": OTHER_ID.upper()},
        UpdateContent=entity({}),
        PerformParentingChecks=False,
    )
    event = parse_event(
        body(
            message="Merge",
            InputParameters=inputs,
            PrimaryEntityName="account",
            PrimaryEntityId=ACCOUNT_ID,
        ),
        {},
    )
    assert (event.id, event.parameters) == (ACCOUNT_ID, {"SubordinateId": OTHER_ID})


def test_a_custom_api_tells_its_parameters_as_plain_text() -> None:
    inputs = pairs(
        Table="account",
        Ids=f'["{ACCOUNT_ID}"]',
        RunId=OTHER_ID,
        Wrapped={"__type": "Guid:#System", "__value": OTHER_ID},
        Deep=True,
        Many=12,
        Nothing=None,
        Row=entity({}),
        List=["a"],
    )
    event = parse_event(
        body(
            message="gs_Recompute",
            InputParameters=inputs,
            PrimaryEntityName="none",
            PrimaryEntityId=NIL,
        ),
        {},
    )
    assert (event.message, event.table, event.id) == ("gs_Recompute", "", "")
    assert event.parameters == {
        "Table": "account",
        "Ids": f'["{ACCOUNT_ID}"]',
        "RunId": OTHER_ID,
        "Wrapped": OTHER_ID,
        "Deep": "true",
        "Many": "12",
    }


MEMBER, OTHER = "a1000000-0000-4000-8000-000000000001", "a1000000-0000-4000-8000-000000000002"
COLLECTION = {"__type": "ArrayOfguid:x", "__value": [MEMBER.upper(), {"__value": OTHER}]}


@pytest.mark.parametrize(
    ("message", "parameters", "members"),
    [
        ("AddMember", {"ListId": OTHER, "EntityId": MEMBER}, (MEMBER,)),
        ("RemoveMember", {"ListId": OTHER, "EntityId": {"__value": MEMBER}}, (MEMBER,)),
        ("AddListMembers", {"ListId": OTHER, "MemberIds": [MEMBER, OTHER]}, (MEMBER, OTHER)),
        ("AddListMembers", {"ListId": OTHER, "MemberIds": COLLECTION}, (MEMBER, OTHER)),
        ("AddListMembers", {"ListId": OTHER, "MemberIds": "none"}, ()),
        ("CopyMembers", {"SourceListId": MEMBER, "TargetListId": OTHER}, ()),
    ],
)
def test_members_of_lists_are_read_in_any_encoding(
    message: str, parameters: dict[str, object], members: tuple[str, ...]
) -> None:
    pairs = [{"key": name, "value": value} for name, value in parameters.items()]
    body = {"MessageName": message, "PrimaryEntityName": "list", "InputParameters": pairs}
    event = parse_event(json.dumps(body).encode(), {})
    assert event.parameters == {"ListId": OTHER, "MemberIds": members}
