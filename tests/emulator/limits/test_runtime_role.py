"""The role that an administrator gives gradesys: what is enough for a resync, and what is not."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from emulator.entrance import Access
from emulator.tokens import Issuer
from emulator.users import Application
from gradesys.dataverse.auth import Credentials, token_source
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import MetadataCache
from gradesys.dataverse.retry import ClientOptions
from gradesys.engine import Context
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.org import connect
from gradesys.resync import Standing, Wish, resync
from gradesys.settings import Settings
from tests.emulator.limits.conftest import members_of
from tests.emulator.serving import NOW, Certificates, OrgServer, new_organization

TENANT = "c0000000-0000-4000-8000-000000000001"
GRADER = "a0000000-0000-4000-8000-000000000001"
ACCOUNT = "ac000000-0000-4000-8000-000000000001"
SECRET = "a secret of the test"
RULES = """
schema: gradesys/v1
id: paid
table: account
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base}
output: {score: creditlimit}
"""
ENOUGH = {"account": ["read", "write"], "invoice": ["read"]}


@dataclass(frozen=True)
class Site:
    """Starts an organisation whose grader has these rights, and resyncs it as the grader."""

    start: Callable[..., OrgServer]
    certificates: Certificates
    folder: Path

    def resync(self, tables: dict[str, list[str]]) -> tuple[Standing, OrgServer]:
        server = self._server(tables)
        rules = self.folder / "rules"
        rules.mkdir()
        (rules / "paid.yaml").write_text(RULES, encoding="utf-8")
        settings = Settings(server.url, rules, work=self.folder / "work.sqlite")
        db = Database(settings.work)
        with closing(self._client(server.url)) as client:
            org = connect(settings, client, MetadataCache(client))
            context = Context(
                org.rulebook, org.store, SqliteMarks(db), SqliteLedger(db), lambda: NOW
            )
            return resync(context, Wish(), lambda tally: None), server

    def _server(self, tables: dict[str, list[str]]) -> OrgServer:
        org = new_organization()
        with org.transaction() as tx:
            tx.create("account", {"accountid": ACCOUNT, "name": "نمونه"})
            link = {"customerid": ACCOUNT, "customerid@type": "account"}
            tx.create("invoice", {"name": "i", "totalamount": Decimal(70), **link})
        document: dict[str, Any] = {
            "roles": {"Grader": {"tables": tables}},
            "users": [{"applicationid": GRADER, "roles": ["Grader"]}],
        }
        members = members_of(org, json.dumps(document).encode())
        access = Access(members, Issuer([Application(GRADER, SECRET)]))
        return self.start(access, self.certificates, org)

    def _client(self, url: str) -> Client:
        verify = str(self.certificates.authority)
        credentials = Credentials(
            mode="client_secret",
            url=url,
            tenant_id=TENANT,
            client_id=GRADER,
            client_secret=SECRET,
            authority=url,
            verify=verify,
        )
        return Client(url, token_source(credentials), ClientOptions(verify=verify))


@pytest.fixture
def site(
    start_guarded: Callable[..., OrgServer], certificates: Certificates, tmp_path: Path
) -> Site:
    return Site(start_guarded, certificates, tmp_path)


def score(server: OrgServer) -> Any:
    row = server.org.row("account", ACCOUNT)
    assert row is not None
    return row["creditlimit"]


def test_reading_the_sources_and_writing_the_graded_table_is_enough(site: Site) -> None:
    tally, server = site.resync(ENOUGH)
    assert (tally.written, tally.failed, tally.stopped) == (1, 0, {})
    assert score(server) == 70
    assert server.unsupported() == 0


@pytest.mark.parametrize(
    ("tables", "missing"),
    [
        ({"account": ["read", "write"]}, "prvReadInvoice"),
        ({"account": ["write"], "invoice": ["read"]}, "prvReadAccount"),
        ({"account": ["read"], "invoice": ["read"]}, "prvWriteAccount"),
    ],
)
def test_a_missing_right_stops_the_model_and_is_named(
    site: Site, tables: dict[str, list[str]], missing: str
) -> None:
    tally, server = site.resync(tables)
    assert missing in tally.stopped["paid"]
    assert (tally.written, score(server)) == (0, None)
