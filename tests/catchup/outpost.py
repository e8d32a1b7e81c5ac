"""A service whose events never arrive: nobody listens where the registered steps post to.

The org is emulated and asked over HTTP; the service works in this process, so that a test decides
when it looks and when it works.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gradesys.app import App
from gradesys.catchup.rounds import Round, go_round
from gradesys.resync import Wish, resync
from gradesys.settings import Settings
from tests.doctor.installation import KEY
from tests.emulator.serving import NOW, OrgServer
from tests.line.judge import CONFIG, wrong_records
from tests.line.running import Json, Line

PAID = {"statecode": 2, "statuscode": 100001}


@dataclass(frozen=True, slots=True)
class Customer:
    """An account's id, and those of its rows: a paid invoice, an open one, an order."""

    account: str
    paid: str
    open: str
    order: str


@dataclass
class Outpost:
    """The org with its CRM users (``line``), and the service."""

    server: OrgServer
    line: Line
    app: App

    def customer(self) -> Customer:
        """A new account, far from the full score, with rows that count."""
        account = self.create("accounts", {"name": "a customer"})
        bound = {"customerid_account@odata.bind": f"/accounts({account})", "name": "of it"}
        paid = self.create("invoices", bound | {"totalamount": 60_000})
        self.change("invoices", paid, PAID)
        open_ = self.create("invoices", bound | {"totalamount": 25_000})
        return Customer(account, paid, open_, self.create("salesorders", bound))

    def create(self, entity_set: str, body: Json) -> str:
        """A user adds a row; its id."""
        answer = self.line.api("POST", entity_set, body)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"][-37:-1]

    def change(self, entity_set: str, record: str, body: Json) -> None:
        """A user saves a row."""
        answer = self.line.api("PATCH", f"{entity_set}({record})", body)
        assert answer.status_code == 204, answer.text

    def delete(self, entity_set: str, record: str) -> None:
        """A user deletes a row."""
        assert self.line.api("DELETE", f"{entity_set}({record})").status_code == 204

    def score(self, entity_set: str, record: str) -> float | None:
        """The stored score."""
        found: float | None = self.line.api("GET", f"{entity_set}({record})").json()["gs_score"]
        return found

    def round(self) -> Round:
        """The quarter-hour round, and all the work that it found."""
        found = go_round(self.app)
        self.work()
        return found

    def work(self) -> None:
        """Handle every key that is marked, also those that must wait between two runs."""
        while self.app.marks.stats().dirty:
            self.app.work_once()

    def resync(self) -> None:
        """What a night does."""
        resync(self.app.context(), Wish(), lambda tally: None)

    def wrong(self) -> set[str]:
        """The ids of records whose stored result is not what their rows give."""
        return {told.partition(":")[0] for told in wrong_records(self.line, NOW)}

    def settle(self) -> None:
        """Wait until every post has failed for good."""
        answer = self.line.session.post(f"{self.server.url}/_emulator/settle?timeout=60")
        assert answer.status_code == 200

    def written(self) -> int:
        """How many rows the org has written so far."""
        return int(self.server.emulator.stats.snapshot()["rows_written"])


def outpost(server: OrgServer, folder: Path) -> Outpost:
    """A service that knows nothing yet, of an org where everything is deployed."""
    settings = Settings(
        dataverse_url=server.url,
        rules=CONFIG / "rules",
        auth="none",
        work=folder / "work.sqlite",
        webhook_keys=(KEY,),
        now=NOW,
    )
    return Outpost(server, Line(folder, server.url, 1), App(settings))
