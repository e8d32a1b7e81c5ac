"""Invoices whose amounts the benchmark raises, and the event that Dataverse posts of each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any

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


Post = Callable[[Paper], float]
"""Posts an event as Dataverse does, and tells when it began to send. Raises what is no 202."""


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


@contextmanager
def posting(stage: Stage) -> Iterator[Post]:
    """A connection to the receiver, that costs its user as little as it can."""
    headers = {"x-gs-key": stage.env["GRADESYS_WEBHOOK_KEYS"], "Content-Type": "application/json"}
    with closing(HTTPConnection("127.0.0.1", stage.service_port, timeout=60)) as connection:

        def post(paper: Paper) -> float:
            body = json.dumps(_event(paper)).encode()
            began = time.perf_counter()
            connection.request("POST", "/api/webhook", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 202:
                raise RuntimeError(f"the receiver answered {answer.status}")
            return began

        yield post


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
