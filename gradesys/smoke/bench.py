"""The workbench: rows of our own in the organisation, and an ear for what it tells about them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from gradesys.dataverse.client import Client
from gradesys.smoke.ear import Ear
from gradesys.smoke.receiver import Receiver

MARK = "gradesys smoke"
NOWHERE = "https://gradesys-smoke.invalid/"
"""No such host exists anywhere, so posts to it fail at once."""
TABLES = {
    "account": ("accounts", "accountid", "name"),
    "contact": ("contacts", "contactid", "lastname"),
    "invoice": ("invoices", "invoiceid", "name"),
    "invoicedetail": ("invoicedetails", "invoicedetailid", "productdescription"),
    "opportunity": ("opportunities", "opportunityid", "name"),
}
"""Set, key and the column that says that a row is ours."""


class Bench(Struct, frozen=True):
    """``ear`` hears of events by system jobs, ``receiver`` also sees their bodies: it is there
    where Dataverse can reach it. ``identity``: how we sign in."""

    client: Client
    ear: Ear
    receiver: Receiver | None = None
    identity: str = ""
    clock: Callable[[], float] = time.monotonic

    def make(self, table: str, **values: Any) -> str:
        """A row of ours, by its id."""
        entity_set, key, name = TABLES[table]
        row = str(uuid.uuid4())
        self.client.request("POST", entity_set, {key: row, name: f"{MARK} {row[:8]}", **values})
        return row

    def change(self, table: str, row: str, **values: Any) -> None:
        """Update a row that is there."""
        self.client.request("PATCH", path_of(table, row), values, {"If-Match": "*"})

    def delete(self, table: str, row: str) -> None:
        """Delete a row."""
        self.client.request("DELETE", path_of(table, row))

    def read(self, table: str, row: str, *columns: str) -> dict[str, Any]:
        """Some columns of a row."""
        path = f"{path_of(table, row)}?$select={','.join(columns)}"
        found: dict[str, Any] = self.client.request("GET", path).json()
        return found

    def act(self, action: str, **parameters: Any) -> None:
        """Call an action."""
        self.client.request("POST", action, parameters)


def path_of(table: str, row: str) -> str:
    """Where a row is."""
    return f"{TABLES[table][0]}({row})"


def bound(table: str, row: str) -> str:
    """A row as the value of a binding."""
    return f"/{path_of(table, row)}"


def typed(table: str, row: str, **values: Any) -> dict[str, Any]:
    """A row as a parameter of an action."""
    return {"@odata.type": f"Microsoft.Dynamics.CRM.{table}", TABLES[table][1]: row, **values}
