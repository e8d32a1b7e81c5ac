"""Bodies that are truncated, odd or damaged: what can be told is told, the rest is refused."""

from __future__ import annotations

from typing import Any

import pytest

from gradesys.dataverse.contract import SIZE_LIMIT
from gradesys.dataverse.events import MalformedEvent, parse_event
from gradesys.errors import GradesysError
from tests.dataverse.bodies import (
    NIL,
    body,
    entity,
    pairs,
    reference,
)
from tests.dataverse.sample import ACCOUNT_ID, INVOICE_ID


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
