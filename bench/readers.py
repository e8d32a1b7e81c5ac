"""Three ways to read what a resync needs: ours, Microsoft's SDK, and a request for each record."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import requests

from bench.data import TABLES
from bench.emulated import TRUSTED
from bench.org import AS_OF, SCHEMA, model
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.store import DataverseStore
from gradesys.engine import plan_of
from gradesys.records import Scope

API = "api/data/v9.2"
MONEY = ("totalamount_base", "estimatedvalue_base")
COLUMNS = {
    "account": [
        *("accountid", "revenue", "numberofemployees", "industrycode"),
        *("creditonhold", "gs_score", "gs_grade"),
    ],
    "invoice": ["_customerid_value", "totalamount_base", "createdon"],
    "opportunity": ["_customerid_value", "estimatedvalue_base"],
}
FILTERS = {
    "account": None,
    "invoice": "statecode eq 2 and createdon ge 2025-06-16T00:00:00Z"
    " and createdon lt 2026-06-16T00:00:00Z",
    "opportunity": "statecode eq 0",
}


class Found(NamedTuple):
    """How many rows came, and the hundredths of all their money."""

    rows: int
    hundredths: int


def ours(url: str) -> Found:
    """The pages that a resync folds, by the client of the product."""
    options = ClientOptions(verify=os.environ[TRUSTED])
    store = DataverseStore(Client(url, lambda: None, options), SCHEMA, {})
    plan = plan_of((model(),), Scope("account"), AS_OF)
    return _found(row for page in store.pages(plan) for row in page.rows)


def sdk(url: str) -> Found:
    """Pages of 5,000 rows with the same columns and filters, by Microsoft's SDK."""
    from azure.core.credentials import AccessToken
    from PowerPlatform.Dataverse.client import DataverseClient

    class Everybody:
        """Signs in without asking, since signing in is not measured."""

        def get_token(self, *scopes: str, **options: Any) -> AccessToken:
            return AccessToken("anybody", int(time.time()) + 3_600)

    with DataverseClient(url, Everybody()) as client:
        return _found(
            row.data
            for table in TABLES
            for page in client.records.list_pages(
                table, select=COLUMNS[table], filter=FILTERS[table], page_size=5_000
            )
            for row in page
        )


def singly(url: str) -> Found:
    """Three requests a record, as a button or a first script does, over one kept connection."""
    with requests.Session() as session:
        ids = [row["accountid"] for row in _asked(session, url, "account", "accountid ne null")]
        return _found(row for id in ids for row in _whole(session, url, id))


def _whole(session: requests.Session, url: str, id: str) -> Iterable[Mapping[str, Any]]:
    yield from _asked(session, url, "account", f"accountid eq {id}")
    for table in ("invoice", "opportunity"):
        condition = f"_customerid_value eq {id} and {FILTERS[table]}"
        yield from _asked(session, url, table, condition)


def _asked(session: requests.Session, url: str, table: str, condition: str) -> list[dict[str, Any]]:
    asked = {"$select": ",".join(COLUMNS[table]), "$filter": condition}
    answer = session.get(f"{url}/{API}/{TABLES[table]}", params=asked, timeout=60)
    answer.raise_for_status()
    rows: list[dict[str, Any]] = answer.json()["value"]
    return rows


def _found(rows: Iterable[Mapping[str, Any]]) -> Found:
    count = hundredths = 0
    for row in rows:
        count += 1
        for name in MONEY:
            hundredths += int(Decimal(str(row.get(name) or 0)) * 100)
    return Found(count, hundredths)
