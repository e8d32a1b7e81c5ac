"""Webhook bodies as events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gradesys.dataverse.contract import SIZE_LIMIT
from gradesys.dataverse.events import MalformedEvent, parse_event
from gradesys.errors import GradesysError
from gradesys.records import Ref
from tests.dataverse.sample import ACCOUNT_ID, CONTACT_ID, INVOICE_ID, OTHER_ID

CONTRACTS = "http://schemas.microsoft.com/xrm/2011/Contracts"
NIL = "00000000-0000-0000-0000-000000000000"
ORGANISATION = "4b5c6d7e-0000-4000-8000-00000000c001"


def reference(table: str, id_: Any, **more: Any) -> dict[str, Any]:
    return {
        "__type": f"EntityReference:{CONTRACTS}",
        "Id": id_,
        "KeyAttributes": [],
        "LogicalName": table,
        "Name": None,
        "RowVersion": None,
        **more,
    }


def entity(attributes: dict[str, Any], table: str = "invoice", id_: str = INVOICE_ID) -> Any:
    pairs = [{"key": name, "value": value} for name, value in attributes.items()]
    return {"Attributes": pairs, "FormattedValues": [], "Id": id_, "LogicalName": table}


def pairs(**values: Any) -> list[dict[str, Any]]:
    return [{"key": name, "value": value} for name, value in values.items()]


def context(message: str = "Update", **members: Any) -> dict[str, Any]:
    return {
        "MessageName": message,
        "PrimaryEntityName": "invoice",
        "PrimaryEntityId": INVOICE_ID,
        "OrganizationId": ORGANISATION,
        "InputParameters": [],
        **members,
    }


def body(**members: Any) -> bytes:
    return json.dumps(context(**members)).encode()


EVERY_ENCODING = {
    "invoiceid": INVOICE_ID,
    "totalamount": {"__type": f"Money:{CONTRACTS}", "Value": 1250.5000},
    "statecode": {"__type": f"OptionSetValue:{CONTRACTS}", "Value": 2},
    "choices": [{"__type": f"OptionSetValue:{CONTRACTS}", "Value": 2}],
    "duedate": "/Date(1774915200000)/",
    "modifiedon": {"__type": "DateTime:#System", "__value": "/Date(1772439330000+0330)/"},
    "processid": {"__type": "Guid:#System", "__value": INVOICE_ID},
    "to": {"__type": f"EntityCollection:{CONTRACTS}", "Entities": [entity({})]},
    "exchangerate": 1.0000000000,
    "ispriced": True,
    "Name": "فاکتور",
    "modifiedonbehalfby": None,
    "customerid": reference("account", ACCOUNT_ID.upper()),
    "salesorderid": {"Id": {"__type": "Guid:#System", "__value": OTHER_ID}, "LogicalName": "Order"},
}


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


@pytest.mark.parametrize(
    ("members", "headers"),
    [
        ({"InputParameters": None}, {}),
        ({}, {"X-MS-Dynamics-Msg-Size-Exceeded": "True"}),
    ],
)
def test_a_truncated_body_still_names_its_row(members: Any, headers: dict[str, str]) -> None:
    event = parse_event(body(**members), headers)
    assert (event.table, event.id, event.truncated) == ("invoice", INVOICE_ID, True)
    assert (event.before, event.after, event.changed) == (None, None, None)


def test_missing_members_are_taken_from_the_headers() -> None:
    headers = {"x-ms-dynamics-request-name": "Update", "X-MS-Dynamics-Entity-Name": "invoice"}
    event = parse_event(f'{{"PrimaryEntityId": "{INVOICE_ID}"}}'.encode(), headers)
    assert (event.message, event.table, event.organization) == ("Update", "invoice", "")
    assert event.truncated


def test_a_byte_order_mark_and_a_wrapped_id_are_understood() -> None:
    wrapped = {"__type": "Guid:#System", "__value": INVOICE_ID.upper()}
    event = parse_event(b"\xef\xbb\xbf" + body(PrimaryEntityId=wrapped), {})
    assert event.id == INVOICE_ID


def test_an_image_without_attributes_is_no_image() -> None:
    event = parse_event(body(PreEntityImages=pairs(gs_pre={"Attributes": None})), {})
    assert event.before is None
    assert parse_event(body(PreEntityImages=pairs(gs_pre=entity({}))), {}).before == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"12",
        b"\xff\xfe{}",
        b'{"MessageName": "\xff"}',
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b'{"MessageName": "Update", "Depth": NaN}',
        b'{"MessageName": "Update", "Depth": -Infinity}',
        b'{"MessageName": "Update", "Depth": ' + b"9" * 5000 + b"}",
        body(MessageName=5),
        body(MessageName="Up date"),
        body(PrimaryEntityId="1 or 1 eq 1"),
        body(PrimaryEntityId=5),
        body(PrimaryEntityId=[INVOICE_ID]),
        body(PrimaryEntityId=NIL),
        body(PrimaryEntityName="invoice; drop"),
        body(PrimaryEntityName=None),
        body(OrganizationId="mine"),
        body(InputParameters="Target"),
        body(InputParameters=["Target"]),
        body(InputParameters=[{"value": 1}]),
        body(InputParameters=pairs(Target={"Attributes": 5})),
        body(InputParameters=pairs(Target=entity({"x": reference("account", "me")}))),
        body(InputParameters=pairs(Target=entity({"x": reference("a b", ACCOUNT_ID)}))),
        body(InputParameters=pairs(Target=entity({"x": {"__type": "EntityReference:"}}))),
        body(PreEntityImages=5),
        body(message="gs_Recompute", InputParameters=pairs(Ids="\ud800")),
        b" " * (SIZE_LIMIT + 1),
    ],
)
def test_a_body_that_dataverse_cannot_have_sent_is_malformed(content: bytes) -> None:
    with pytest.raises(MalformedEvent) as caught:
        parse_event(content, {})
    assert isinstance(caught.value, GradesysError)
