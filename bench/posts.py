"""Invoices whose amounts the benchmark raises, and the event that Dataverse posts of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import requests

from bench.expected import FIRST_DAY
from gradesys.demo.stage import Stage
from gradesys.demo.user import User

CUSTOMER = {
    "__type": "EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts",
    "LogicalName": "account",
}
FULL = 15_000
"""Accounts with less than this paid have room for the amounts that are added."""


@dataclass(slots=True)
class Paper:
    """A paid invoice of an account, and what it comes to now."""

    account: str
    invoice: str
    amount: Decimal


def papers_of(user: User, count: int) -> list[Paper]:
    """One invoice each of so many accounts whose score another payment raises."""
    found = list(_papers(user))[:count]
    if len(found) < count:
        raise RuntimeError(f"only {len(found)} of {count} accounts have what is wanted")
    return found


def _papers(user: User) -> Iterator[Paper]:
    wanted = f"statecode eq 2 and createdon ge {FIRST_DAY}T00:00:00Z and totalamount_base gt 0"
    rows = user.rows(f"invoices?$select=_customerid_value,totalamount_base&$filter={wanted}")
    paid: dict[str, Decimal] = {}
    one: dict[str, Paper] = {}
    for row in rows:
        account, amount = row["_customerid_value"], Decimal(row["totalamount_base"])
        paid[account] = paid.get(account, Decimal(0)) + amount
        one[account] = Paper(account, row["invoiceid"], amount)
    return (paper for account, paper in one.items() if paid[account] < FULL)


def raise_amount(user: User, paper: Paper) -> None:
    """What a CRM user does: the account's score rises by it."""
    paper.amount += 100
    user.ask("PATCH", f"invoices({paper.invoice})", {"totalamount": float(paper.amount)})


def post(stage: Stage, session: requests.Session, paper: Paper) -> None:
    """Post the event as Dataverse does. Raises what an answer other than 2xx is."""
    address = f"http://127.0.0.1:{stage.service_port}/api/webhook"
    headers = {"x-gs-key": stage.env["GRADESYS_WEBHOOK_KEYS"]}
    session.post(address, json=_event(paper), headers=headers, timeout=60).raise_for_status()


def _event(paper: Paper) -> dict[str, Any]:
    row = {"Id": paper.invoice, "LogicalName": "invoice"}
    changed = [{"key": "totalamount_base", "value": {"__type": "Money:x", "Value": 7}}]
    image = [{"key": "customerid", "value": {**CUSTOMER, "Id": paper.account}}]
    return {
        "MessageName": "Update",
        "PrimaryEntityName": "invoice",
        "PrimaryEntityId": paper.invoice,
        "InputParameters": [{"key": "Target", "value": row | {"Attributes": changed}}],
        "PreEntityImages": [{"key": "gs_pre", "value": row | {"Attributes": image}}],
        "PostEntityImages": [],
    }
