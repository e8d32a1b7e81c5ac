"""An empty organisation over TLS: plan, apply, resync, live, and out again, by two applications.

The installer is an administrator; the service has the role that apply gave it, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from emulator.definitions import encode
from emulator.entrance import Access
from emulator.organization import Organization
from emulator.tokens import Issuer
from emulator.users import parse_users
from tests.emulator.limits.conftest import certificates, members_of, start_guarded
from tests.emulator.serving import Certificates, OrgServer, new_organization
from tests.line.running import Line, eventually, free_port

__all__ = ["certificates", "start_guarded"]

INSTALLER = "a0000000-0000-4000-8000-000000000001"
SERVICE = "a0000000-0000-4000-8000-000000000002"
SECRET = "a secret of the test"
USERS = {
    "users": [
        {"applicationid": INSTALLER, "roles": ["System Administrator"]},
        {"applicationid": SERVICE, "name": "service"},
    ],
    "applications": [
        {"applicationid": INSTALLER, "secret": SECRET},
        {"applicationid": SERVICE, "secret": SECRET},
    ],
}
RULES = """schema: gradesys/v1
id: best
title: {en: Best customers, fa: بهترین مشتریان}
table: account
timezone: UTC
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
         filter: {statecode: 2}, points: {linear: {from: [0, 500000], to: [0, 100]}}, reason: low}
score: {min: 0, max: 100, decimals: 0}
grades: {bands: [{grade: A, min: 80}, {grade: B, min: 50}, {grade: C}]}
output: {score: gs_score, grade: gs_grade, reasons: gs_reasons, scored_on: gs_scoredon}
"""
ON_TOP = RULES.replace("bands: [", "bands: [{grade: S, min: 95}, ")
LEFT_BEHIND = ("asyncoperation", "importjob")
"""Jobs are the platform's own diary."""
STAMPS = ("versionnumber", "modifiedon", "modifiedby", "modifiedby@type")
ACCOUNT = "b0000000-0000-4000-8000-000000000001"
B = 921500001


@dataclass
class Install:
    """An organisation, and command lines of both applications."""

    org: Organization
    installer: Line
    service: Line
    rules: Path

    def account(self) -> dict[str, Any]:
        """The scored record."""
        (row,) = self.org.rows("account", accountid=ACCOUNT)
        return row

    def pay(self, amount: int) -> None:
        """A paid invoice of the account appears."""
        with self.org.transaction() as tx:
            link = {"customerid": ACCOUNT, "customerid@type": "account"}
            amounts = {"totalamount": Decimal(amount), "totalamount_base": Decimal(amount)}
            tx.create("invoice", {"name": "i", "statecode": 2, **link, **amounts})

    def deploy(self, command: str, *options: str, code: int = 0) -> str:
        """A deploy command of the installer."""
        url = f"http://127.0.0.1:{self.service.service_port}"
        where = () if command == "remove" else ("--base-url", url, "--application", SERVICE)
        return self.installer.gradesys("deploy", command, *where, *options, code=code)


@pytest.fixture
def install(
    start_guarded: Callable[..., OrgServer], certificates: Certificates, tmp_path: Path
) -> Iterator[Install]:
    """Nothing is deployed yet; one account has paid enough for a B."""
    org, text = new_organization(), json.dumps(USERS).encode()
    members = members_of(org, text)
    issuer = Issuer(parse_users(text, org.definitions).applications)
    server = start_guarded(Access(members, issuer), certificates, org)
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "best.yaml").write_text(RULES, encoding="utf-8")
    port = free_port()

    def line(application: str) -> Line:
        return Line(
            tmp_path,
            server.url,
            port,
            {
                "GRADESYS_AUTH": "client_secret",
                "GRADESYS_RULES": str(rules),
                "GRADESYS_AUTHORITY": server.url,
                "GRADESYS_AUTHORITY_CA": str(certificates.authority),
                "GRADESYS_TENANT_ID": "c0000000-0000-4000-8000-000000000001",
                "GRADESYS_CLIENT_ID": application,
                "GRADESYS_CLIENT_SECRET": SECRET,
            },
        )

    made = Install(org, line(INSTALLER), line(SERVICE), rules)
    with org.transaction() as tx:
        tx.create("account", {"accountid": ACCOUNT, "name": "پارس"})
    made.pay(300_000)
    yield made
    made.service.kill_service()


def dump(org: Organization) -> dict[str, Any]:
    """The emulator's own metadata and every row, without stamps."""
    found: dict[str, Any] = {"": json.loads(encode(org.definitions.catalogue()))}
    for table in org.definitions.tables:
        if table not in LEFT_BEHIND:
            rows = ({k: v for k, v in row.items() if k not in STAMPS} for row in org.rows(table))
            found[table] = sorted(rows, key=str)
    return found


def test_in_live_and_out_again(install: Install) -> None:
    before = dump(install.org)
    shown = install.deploy("plan", code=6)
    assert "create   column account.gs_score (decimal)" in shown
    assert "first writes: at most 1 records (best 1)" in shown
    install.deploy("apply")
    assert "0 create" not in install.deploy("plan")
    install.service.gradesys("resync")
    assert (install.account()["gs_score"], install.account()["gs_grade"]) == (60, B)
    install.service.serve()
    install.pay(100_000)
    eventually(lambda: install.account()["gs_score"] == 80)
    install.service.kill_service()
    kept = install.deploy("remove")
    assert install.account()["gs_score"] == 80, kept
    install.deploy("remove", "--with-data")
    with install.org.transaction() as tx:
        newest = max(tx.org.rows("invoice"), key=lambda row: row["versionnumber"])
        tx.delete("invoice", newest["invoiceid"])
    assert dump(install.org) == before


@pytest.mark.long
def test_a_grade_inserted_on_top_renumbers_nothing_and_stored_rows_keep_theirs(
    install: Install,
) -> None:
    install.deploy("apply")
    install.service.gradesys("resync")
    (install.rules / "best.yaml").write_text(ON_TOP, encoding="utf-8")
    install.deploy("apply")
    assert install.account()["gs_grade"] == B
    column = install.org.definitions.tables["account"].columns["gs_grade"]
    choice = install.org.definitions.choice_of(column)
    assert choice is not None
    numbers = {option.labels[1033]: option.value for option in choice.options}
    assert numbers == {"A": 921500000, "B": B, "C": 921500002, "S": 921500003}
    install.deploy("plan")
