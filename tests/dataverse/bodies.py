"""Bodies of webhooks, member by member, as Dataverse writes them."""

from __future__ import annotations

import json
from typing import Any

from tests.dataverse.sample import ACCOUNT_ID, INVOICE_ID, OTHER_ID

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
