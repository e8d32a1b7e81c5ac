"""A CRM user at the Web API: edits papers, presses the button, reads the columns of the form."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any

import requests
from msgspec import Struct, field

from gradesys.errors import GradesysError

LABEL = "OData.Community.Display.V1.FormattedValue"
PREFER = f'odata.maxpagesize=5000,odata.include-annotations="{LABEL}"'
COLUMNS = "gs_score,gs_grade,gs_explanation"
TIMEOUT_S = 30.0
Json = dict[str, Any]


class Standing(Struct, frozen=True):
    """The columns of an account's form: score, grade, and what the paid invoices come to."""

    score: Decimal
    grade: str
    paid: Decimal


class User(Struct, frozen=True):
    """Whoever works in the org at ``url``."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """One request of the Web API; amounts stay exact. Raises GradesysError when refused."""
        answer = self.session.request(
            method,
            f"{self.url}/api/data/v9.2/{path}",
            json=body,
            headers={"Prefer": PREFER},
            timeout=TIMEOUT_S,
        )
        if not answer.ok:
            raise GradesysError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        found: Json = json.loads(answer.text, parse_float=Decimal) if answer.text else {}
        return found

    def rows(self, path: str) -> list[Json]:
        """The first page of a query."""
        rows: list[Json] = self.ask("GET", path)["value"]
        return rows

    def table(self, name: str) -> Json:
        """How a table is called in addresses, and its id and name columns."""
        members = "EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute"
        return self.ask("GET", f"EntityDefinitions(LogicalName='{name}')?$select={members}")

    def standing(self, account: str) -> Standing:
        """What the account's form shows. Raises GradesysError when its parts do not add up."""
        row = self.ask("GET", f"accounts({account})?$select={COLUMNS}")
        why = json.loads(row["gs_explanation"])
        stored = (row["gs_score"], row[f"gs_grade@{LABEL}"])
        if stored != (_sum(why), why["grade"]):
            raise GradesysError(f"account {account} stores {stored}, its explanation says {why}")
        paid = next(p["value"] for p in why["parts"] if p["indicator"] == "paid_invoices")
        return Standing(*stored, Decimal(paid))

    def press_recompute(self, account: str) -> str:
        """Call the button's Custom API; the id of the run to follow."""
        run = str(uuid.uuid4())
        body = {"Table": "account", "Ids": json.dumps([account]), "RunId": run}
        self.ask("POST", "gs_Recompute", body)
        return run

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the emulator itself."""
        answer = self.session.request(
            method, f"{self.url}/_emulator/{path}", json=body, timeout=2 * TIMEOUT_S
        )
        if not answer.ok:
            raise GradesysError(f"_emulator/{path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()


def _sum(why: Json) -> Decimal:
    """Parts, group clamps, base, scale and rounding: exactly the score."""
    shares = [part["contribution"] for part in why["parts"]]
    shares += [why["base"], why["scale"], why["rounding"], *why["groups"].values()]
    return sum(map(Decimal, shares), Decimal(0))
