"""Lookups of several tables: made by one action, bound, read and filtered by each of them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.customization.sending import CRM, label
from tests.emulator.serving import OrgServer

CUSTOMER, ANY = "CreateCustomerRelationships", "CreatePolymorphicLookupAttribute"
CASE = "incident"


def body(name: str, *targets: str, child: str = CASE) -> dict[str, Any]:
    relationships = [
        {"@odata.type": f"{CRM}ComplexOneToManyRelationshipMetadata",
         "SchemaName": f"{name}_{target}_{number}", "ReferencedEntity": target,
         "ReferencingEntity": child} for number, target in enumerate(targets)
    ]  # fmt: skip
    lookup = {"@odata.type": f"{CRM}ComplexLookupAttributeMetadata", "SchemaName": name,
              "DisplayName": label("Partner", "همکار")}  # fmt: skip
    return {"OneToManyRelationships": relationships, "Lookup": lookup}


@pytest.mark.parametrize(
    ("action", "targets", "kind"),
    [
        (CUSTOMER, ("account", "contact"), "Customer"),
        (ANY, ("account", "contact", "lead"), "Lookup"),
    ],
)
def test_a_lookup_points_to_several_tables(
    start_server: Callable[..., OrgServer], action: str, targets: tuple[str, ...], kind: str
) -> None:
    server = start_server()
    made = server.send("POST", action, body("gs_Partner", *targets)).json()
    assert len(made["RelationshipIds"]) == len(targets)
    path = f"EntityDefinitions(LogicalName='{CASE}')/Attributes({made['AttributeId']})"
    column = server.get(path)
    assert (column["AttributeType"], tuple(column["Targets"])) == (kind, targets)
    account = server.create("accounts", name="شرکت")
    contact = server.create("contacts", lastname="P")
    for title, kind_of, row in (("a", "account", account), ("c", "contact", contact)):
        server.create("incidents", title=title,
                      **{f"gs_Partner_{kind_of}__bind": f"/{kind_of}s({row})"})  # fmt: skip
    named = "odata.include-annotations=Microsoft.Dynamics.CRM.lookuplogicalname"
    rows = server.rows("incidents?$select=title,_gs_partner_value&$orderby=title", Prefer=named)
    told = "_gs_partner_value@Microsoft.Dynamics.CRM.lookuplogicalname"
    assert [(row["_gs_partner_value"], row[told]) for row in rows] == [
        (account, "account"), (contact, "contact")]  # fmt: skip
    found = "incidents?$filter=gs_Partner_account/name eq 'شرکت'&$select=title"
    assert server.names(found, "title") == ["a"]
    assert server.unsupported() == 0


@pytest.mark.parametrize(
    ("action", "sent", "status"),
    [
        (CUSTOMER, body("gs_X", "account", "lead"), 400),
        (ANY, body("gs_X", "account", "account"), 400),
        (ANY, body("gs_X"), 400),
        (ANY, body("gs_X", "account", "nobody"), 404),
        (ANY, body("CustomerId", "account", "lead"), 400),
        (ANY, {}, 400),
    ],
)
def test_a_lookup_that_makes_no_sense_is_refused(
    refusing_server: OrgServer, action: str, sent: dict[str, Any], status: int
) -> None:
    assert refusing_server.send("POST", action, sent).status_code == status
