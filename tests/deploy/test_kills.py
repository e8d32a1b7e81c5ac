"""An apply that dies after any one of its writes is finished by the next: the end is the same."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from emulator.organization import Organization
from gradesys.dataverse.retry import ClientOptions
from gradesys.deploy.actions import pending
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.plan import plan
from gradesys.errors import TemporaryError
from tests.deploy.organisations import ASSETS, deploy, wanted
from tests.deploy.test_controls import package
from tests.deploy.test_role import RIGHTS
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

MADE_UP = ("asyncoperation", "importjob", "solutioncomponent")
"""Rows whose ids the platform makes up; components are counted."""


def whole_manifest() -> Manifest:
    return replace(wanted(), rights=RIGHTS, assets=replace(ASSETS, controls=package()))


def fresh(start_server: Callable[..., OrgServer]) -> tuple[Organization, WatchedClient]:
    server = start_server()
    client = WatchedClient(server.url, lambda: None, ClientOptions(attempts=1))
    client.written = []
    return server.org, client


def names(org: Organization) -> dict[str, Any]:
    """Every row without ids and stamps, and the columns and options of every table."""
    tables = org.definitions.tables
    shown = {
        name: sorted(
            str({k: v for k, v in row.items() if not k.endswith(("id", "on", "number"))})
            for row in org.rows(name)
        )
        for name in tables
        if name not in MADE_UP
    }
    columns = {name: sorted(table.columns) for name, table in tables.items()}
    components = sorted(row["componenttype"] for row in org.rows("solutioncomponent"))
    return {"rows": shown, "columns": columns, "components": components}


@pytest.mark.long
def test_going_on_after_any_write_ends_the_same(start_server: Callable[..., OrgServer]) -> None:
    org, client = fresh(start_server)
    deploy(client, whole_manifest())
    expected, writes = names(org), len(client.written)
    for patience in range(1, writes):
        org, client = fresh(start_server)
        client.patience = patience
        with pytest.raises(TemporaryError):
            deploy(client, whole_manifest())
        client.patience = None
        deploy(client, whole_manifest())
        assert names(org) == expected, f"after {patience} writes"
        assert pending(plan(whole_manifest(), client)) == ()
