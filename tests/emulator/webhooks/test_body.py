"""The body of a webhook, member by member, as a documented capture shows it."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from emulator.changes import Change
from emulator.webhooks.body import Job, Origin, build_context
from emulator.webhooks.encoding import encode
from emulator.webhooks.request import MAX_BYTES, build_post
from emulator.webhooks.steps import BOTH, POST, PRE, Endpoint, Image, Step
from emulator.webhooks.wrapping import wrapped

CONTRACTS = "http://schemas.microsoft.com/xrm/2011/Contracts"
INVOICE = "1d2c3b4a-0000-4000-8000-00000000a001"
OLD, NEW = "ac000000-0000-4000-8000-000000000009", "ac000000-0000-4000-8000-000000000001"
KINDS = {"customerid": "Customer", "statecode": "State", "totalamount": "Money",
         "modifiedon": "DateTime", "invoiceid": "Uniqueidentifier"}  # fmt: skip
BEFORE = {"invoiceid": INVOICE, "name": "INV-1", "customerid": OLD, "customerid@type": "account",
          "statecode": 0, "totalamount": Decimal("1250.5"), "duedate": None,
          "modifiedon": "2026-03-02T08:15:30Z"}  # fmt: skip
AFTER = BEFORE | {"versionnumber": 7, "customerid": NEW, "duedate": None}
ORIGIN = Origin("org-id", "org-name", "unit-id", "user-id")


class Names:
    """A schema with one table."""

    def kind(self, table: str, column: str) -> str:
        return KINDS.get(column, "String")

    def primary_id(self, table: str) -> str:
        return f"{table}id"

    def primary_name(self, table: str) -> str | None:
        return "name"

    def label(self, table: str, column: str, value: int) -> str | None:
        return {0: "Active"}.get(value)

    def shown_name(self, table: str, id: str) -> str | None:
        return "Old Co" if id == OLD else None


def step(*images: Image, endpoint: Endpoint | None = None) -> Step:
    target = endpoint or Endpoint("http://127.0.0.1:1/api/webhook", 4, "key")
    return Step("step-id", "a step", "Update", "invoice", frozenset(), True, target, images)


def context(change: Change, *images: Image) -> dict[str, Any]:
    created = datetime(2026, 3, 2, 8, 15, 31, tzinfo=UTC)
    return build_context(Job("job-id", "corr-id", created, change, step(*images)), ORIGIN, Names())


def parsed(change: Change, *images: Image) -> dict[str, Any]:
    body = build_post(step().endpoint, "127.0.0.1", context(change, *images)).body
    document: dict[str, Any] = json.loads(body, parse_float=Decimal)
    return document


def pairs(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {item["key"]: item["value"] for item in items}


UPDATE = Change("Update", "invoice", INVOICE, BEFORE, AFTER,
                ("customerid", "customerid@type", "duedate", "modifiedon"))  # fmt: skip
CREATE = Change("Create", "invoice", INVOICE, None, AFTER, ("name",))
DELETE = Change("Delete", "invoice", INVOICE, BEFORE, None, ("invoiceid",))
MESSAGE = Change("gs_Recompute", "", "", parameters={"Table": "account"})


@pytest.mark.parametrize(
    ("kind", "value", "encoded"),
    [
        ("String", "متن", "متن"),
        ("Integer", 7, 7),
        ("Boolean", True, True),
        ("Uniqueidentifier", INVOICE, INVOICE),
        ("Decimal", Decimal(1), Decimal("1.0000000000")),
        ("DateTime", "2026-03-02T08:15:30Z", "/Date(1772439330000)/"),
        ("DateTime", "2026-03-31", "/Date(1774915200000)/"),
        ("DateTime", "1969-12-31T23:59:59Z", "/Date(-1000)/"),
        ("State", 2, {"__type": f"OptionSetValue:{CONTRACTS}", "Value": 2}),
        ("MultiSelectPicklist", "1,2", [{"__type": f"OptionSetValue:{CONTRACTS}", "Value": 1},
                                        {"__type": f"OptionSetValue:{CONTRACTS}", "Value": 2}]),
        ("Money", Decimal("2154.32"), {"__type": f"Money:{CONTRACTS}",
                                       "Value": Decimal("2154.3200")}),
        ("Money", None, None),
    ],
)  # fmt: skip
def test_every_kind_of_value_has_its_encoding(kind: str, value: object, encoded: object) -> None:
    assert encode(kind, value) == encoded


def test_numbers_keep_the_decimals_of_the_database() -> None:
    change = Change("Update", "invoice", INVOICE, BEFORE, AFTER, ("totalamount",))
    assert b'"Value":1250.5000}' in build_post(step().endpoint, "h", context(change)).body


def test_a_lookup_is_an_entity_reference() -> None:
    assert encode("Customer", NEW, "account") == {
        "__type": f"EntityReference:{CONTRACTS}",
        "Id": NEW,
        "KeyAttributes": [],
        "LogicalName": "account",
        "Name": None,
        "RowVersion": None,
    }


def test_an_update_carries_the_changed_columns_the_key_and_cleared_values() -> None:
    target = pairs(parsed(UPDATE)["InputParameters"])["Target"]
    assert target["__type"] == f"Entity:{CONTRACTS}"
    attributes = pairs(target["Attributes"])
    assert list(attributes) == ["invoiceid", "customerid", "duedate", "modifiedon"]
    assert attributes["customerid"]["Id"] == NEW
    assert attributes["duedate"] is None


def test_a_create_carries_what_is_set_and_returns_its_id() -> None:
    body = parsed(CREATE)
    attributes = pairs(pairs(body["InputParameters"])["Target"]["Attributes"])
    assert set(attributes) == {"invoiceid", "name", "customerid", "statecode", "totalamount",
                               "modifiedon"}  # fmt: skip
    assert body["OutputParameters"] == [{"key": "id", "value": INVOICE}]


def test_a_delete_carries_a_reference_and_no_post_image() -> None:
    body = parsed(DELETE, Image("gs_pre", PRE, ("customerid",)))
    target = pairs(body["InputParameters"])["Target"]
    assert (target["__type"], target["Id"]) == (f"EntityReference:{CONTRACTS}", INVOICE)
    assert body["PostEntityImages"] == []
    assert list(pairs(body["PreEntityImages"])) == ["gs_pre"]


def test_images_have_names_and_labels_and_leave_empty_columns_out() -> None:
    body = parsed(UPDATE, Image("gs_pre", PRE, ("customerid", "statecode", "duedate")))
    image = pairs(body["PreEntityImages"])["gs_pre"]
    attributes = pairs(image["Attributes"])
    assert list(attributes) == ["customerid", "statecode"]
    assert attributes["customerid"]["Name"] == "Old Co"
    assert image["FormattedValues"] == [{"key": "statecode", "value": "Active"}]
    assert "__type" not in image


def test_an_asynchronous_body_has_the_automatic_post_image() -> None:
    image = pairs(parsed(UPDATE)["PostEntityImages"])["AsynchronousStepPrimaryName"]
    assert image["Attributes"] == [
        {"key": "name", "value": "INV-1"},
        {"key": "invoiceid", "value": INVOICE},
    ]


@pytest.mark.parametrize(("kind", "before", "after"), [(PRE, 1, 1), (POST, 0, 2), (BOTH, 1, 2)])
def test_an_image_is_before_after_or_both(kind: int, before: int, after: int) -> None:
    body = parsed(UPDATE, Image("image", kind, ("name",)))
    assert (len(body["PreEntityImages"]), len(body["PostEntityImages"])) == (before, after)


def test_an_image_without_columns_has_them_all() -> None:
    image = pairs(parsed(UPDATE, Image("all", PRE, ()))["PreEntityImages"])["all"]
    assert {item["key"] for item in image["Attributes"]} == {
        column for column, value in BEFORE.items() if value is not None and "@" not in column
    }


def test_the_context_names_the_organisation_the_user_and_the_step() -> None:
    body = parsed(UPDATE)
    assert list(body) == sorted(body, key=str.lower)
    assert (body["OrganizationId"], body["UserId"]) == ("org-id", "user-id")
    assert (body["MessageName"], body["PrimaryEntityName"], body["PrimaryEntityId"]) == (
        "Update", "invoice", INVOICE)  # fmt: skip
    assert (body["Mode"], body["Stage"], body["Depth"]) == (1, 40, 1)
    assert body["OwningExtension"]["Id"] == "step-id"
    assert body["OperationCreatedOn"] == "/Date(1772439331000+0000)/"


def test_the_parent_context_is_a_whole_context_of_the_main_operation() -> None:
    body = parsed(UPDATE)
    parent = body["ParentContext"]
    assert parent.keys() == body.keys()
    assert (parent["Stage"], parent["ParentContext"]) == (30, None)
    assert parent["InputParameters"] == body["InputParameters"]


def test_a_custom_api_carries_its_parameters_and_no_entity() -> None:
    body = parsed(MESSAGE)
    assert body["InputParameters"] == [{"key": "Table", "value": "account"}]
    assert body["PrimaryEntityName"] == "none"
    assert body["PrimaryEntityId"] == "00000000-0000-0000-0000-000000000000"


def test_slashes_are_escaped() -> None:
    body = build_post(step().endpoint, "127.0.0.1", context(UPDATE)).body
    assert b'"\\/Date(1772439330000)\\/"' in body
    assert b"/" not in body.replace(b"\\/", b"")


@pytest.mark.parametrize(
    ("auth", "value", "url", "header"),
    [
        (4, "a b", "http://127.0.0.1:1/hook?x=1&code=a+b", None),
        (5, '<settings><setting name="x-gs-key" value="s3cret"/></settings>',
         "http://127.0.0.1:1/hook?x=1", "s3cret"),
        (6, '<settings><setting name="a" value="1"/><setting name="b" value="2"/></settings>',
         "http://127.0.0.1:1/hook?x=1&a=1&b=2", None),
    ],
)  # fmt: skip
def test_every_authentication_goes_where_it_belongs(
    auth: int, value: str, url: str, header: str | None
) -> None:
    endpoint = Endpoint("http://127.0.0.1:1/hook?x=1", auth, value)
    post = build_post(endpoint, "127.0.0.1", context(UPDATE))
    assert post.url == url
    assert post.headers.get("x-gs-key") == header


def test_the_headers_name_organisation_table_message_and_correlation() -> None:
    headers = build_post(step().endpoint, "127.0.0.1", context(UPDATE)).headers
    assert headers["x-ms-dynamics-organization"] == "127.0.0.1"
    assert headers["x-ms-dynamics-entity-name"] == "invoice"
    assert headers["x-ms-dynamics-request-name"] == "Update"
    assert headers["x-ms-correlation-request-id"] == "corr-id"
    assert "x-ms-dynamics-msg-size-exceeded" not in headers


def test_a_body_above_256_kb_loses_its_content_and_says_so() -> None:
    row = AFTER | {"name": "x" * (MAX_BYTES // 2)}
    change = Change("Update", "invoice", INVOICE, BEFORE, row, ("name",))
    post = build_post(step().endpoint, "127.0.0.1", context(change))
    body = json.loads(post.body)
    assert "x-ms-dynamics-msg-size-exceeded" in post.headers
    removed = {"ParentContext", "InputParameters", "PreEntityImages", "PostEntityImages"}
    assert not removed & body.keys()
    assert body["PrimaryEntityId"] == INVOICE


def test_guids_and_date_times_are_wrapped_as_older_servers_do() -> None:
    change = Change("Update", "invoice", INVOICE, BEFORE, AFTER, ("modifiedon", "name"))
    tree = wrapped(context(change))
    attributes = {
        pair["key"]: pair["value"] for pair in tree["InputParameters"][0]["value"]["Attributes"]
    }
    assert attributes == {
        "invoiceid": {"__type": "Guid:#System", "__value": INVOICE},
        "modifiedon": {"__type": "DateTime:#System", "__value": "/Date(1772439330000)/"},
        "name": "INV-1",
    }
    assert tree["PrimaryEntityId"] == INVOICE
