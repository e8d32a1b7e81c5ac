"""From a record that cannot be scored to one that can, on an emulated org with its column."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from functions.health import health
from functions.trigger import Incoming
from gradesys.app import App
from gradesys.records import Key, KeyKind
from gradesys.resync import Wish, resync
from gradesys.settings import read_settings
from tests.cli.running import done
from tests.doctor.conftest import deploy, start_server
from tests.doctor.installation import Installation
from tests.emulator.serving import OrgServer

__all__ = ["start_server"]

RULES = """schema: gradesys/v1
id: worth
table: account
indicators:
  open: {type: aggregate, of: opportunity, lookup: customerid, op: sum, column: estimatedvalue_base}
output: {score: gs_worth, status: gs_worthstatus}
"""
MOST = 900_000_000_000_000
"""Near the limit of money: two of them are more than a score may be."""


def shown(server: OrgServer, account: str) -> tuple[Any, Any]:
    """Score and status as a form shows them."""
    row = server.get(
        f"accounts({account})?$select=gs_worth,gs_worthstatus",
        Prefer='odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
    )
    label = "gs_worthstatus@OData.Community.Display.V1.FormattedValue"
    return row["gs_worth"], row.get(label)


def nightly(app: App) -> int:
    """Rows that a resync writes."""
    return resync(app.context(), Wish(), lambda tally: None).written


def test_a_parked_record_is_seen_and_comes_back(
    tmp_path: Path, start_server: Callable[..., OrgServer]
) -> None:
    server = start_server()
    installation = Installation(tmp_path, {"DATAVERSE_URL": server.url})
    installation.rule(RULES, "worth.yaml")
    deploy(server, tmp_path / "rules")
    account = server.create("accounts", name="Contoso")
    deals = [
        server.create(
            "opportunities",
            name="Deal",
            estimatedvalue=MOST,
            **{"customerid_account@odata.bind": f"/accounts({account})"},
        )
        for _ in range(2)
    ]
    app = App(read_settings(installation.environment))
    app.marks.mark([Key(KeyKind.TARGET, "account", account)])
    assert app.work_once() == 1

    assert shown(server, account) == (None, "Parked")
    page = health(app, Incoming({}, b"")).body
    assert (page["status"], page["parked"]) == ("yellow", 1)
    listed = json.loads(done("parked", "list", "--json", **installation.environment).out)
    assert [(each["id"], each["model"]) for each in listed] == [(account, "worth")]
    assert "gs_worth, which holds" in listed[0]["reason"]
    explained = done("explain", "account", account, **installation.environment)
    assert (explained.code, "worth parked since 20" in explained.err) == (1, True)
    server.emulator.stats.reset()
    assert nightly(app) == 0
    assert server.emulator.stats.snapshot()["rows_written"] == 0

    server.send("PATCH", f"opportunities({deals[0]})", {"estimatedvalue": 5})
    done("parked", "retry", account, **installation.environment)
    while app.marks.waiting([Key(KeyKind.TARGET, "account", account)]):
        app.work_once()
    assert shown(server, account) == (MOST + 5, "Current")
    assert app.marks.parked() == []
    assert nightly(app) == 0
