"""gradesys under service protection limits: slower, never refused for good, never pushing.

The limits are scaled down so that a run of seconds meets them many times.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from emulator.entrance import Access
from emulator.organization import Organization
from emulator.server import open_organization
from gradesys.changes import Change, Fate
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import load_schema
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.store import DataverseStore
from tests.emulator.serving import NOW, OrgServer
from tests.line.running import Json, Line, running_line

THREADS = 8
ROWS = 600
USER = "9c1b7f10-77aa-4e0e-b1d5-51a7c0de0001"


def accounts(number: int) -> dict[str, list[Json]]:
    """Accounts, each with two invoices, one of them paid, and an open opportunity."""
    places = range(number)
    return {
        "account": [
            {"accountid": _id("ac", place), "name": f"شرکت {place}", "statecode": 0,
             "createdon": "2026-01-01T08:00:00Z"}
            for place in places
        ],
        "invoice": [
            {"invoiceid": _id(kind, place), "statecode": state, "statuscode": reason,
             "totalamount_base": 1000 + place, **_of(place)}
            for place in places for kind, state, reason in (("1d", 2, 100001), ("1e", 0, 1))
        ],
        "opportunity": [
            {"opportunityid": _id("0b", place), "statecode": 0, "estimatedvalue_base": place,
             **_of(place)}
            for place in places
        ],
    }  # fmt: skip


def _id(kind: str, place: int) -> str:
    return f"{kind}000000-0000-4000-8000-{place:012x}"


def _of(place: int) -> Json:
    lookup = "_customerid_value"
    return {
        lookup: _id("ac", place),
        f"{lookup}@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
    }


def used(answer: Json) -> dict[str, Any]:
    found: dict[str, Any] = answer["users"][USER]
    return found


def obeyed(meter: dict[str, Any]) -> None:
    """Between a 429 and the end of its Retry-After, a second or more, nothing came but what was
    under way: at most one request of each other thread, and soon."""
    assert meter["pauses"] > 0
    assert meter["most_pushed"] <= THREADS - 1
    assert meter["latest_push_s"] < 1


def resync_throttled(line: Line, number: int, **limits: float) -> None:
    """Resync everything under limits: all written, none failed, no pushing during a pause."""
    line.faults(limits=limits)
    line.reset_stats()
    answer = line.resync()
    assert (answer["written"], answer["failed"], answer["parked"]) == (number, 0, 0)
    stats = line.stats()
    assert stats["throttled"] > 0
    assert stats["max_in_flight"] <= limits["concurrent"]
    obeyed(used(line.session.get(f"{line.url}/_emulator/limits", timeout=30).json()))
    line.faults()
    assert line.resync()["written"] == 0


@pytest.mark.long
def test_a_resync_under_limits_writes_every_row_and_pushes_never(tmp_path: Path) -> None:
    with running_line(accounts(2_000), tmp_path) as line:
        resync_throttled(line, 2_000, requests=3, execution_s=20, concurrent=THREADS, window_s=3)


@pytest.mark.long
def test_twenty_thousand_accounts_are_resynced_under_limits(tmp_path: Path) -> None:
    with running_line(accounts(20_000), tmp_path) as line:
        resync_throttled(line, 20_000, requests=6, execution_s=8, concurrent=THREADS, window_s=6)


@pytest.fixture
def server(start_guarded: Callable[..., OrgServer], tmp_path: Path) -> Iterator[OrgServer]:
    data = tmp_path / "rows.json"
    data.write_text(json.dumps({"account": accounts(ROWS)["account"]}), "utf-8")
    org = open_organization(Organization(None, clock=lambda: NOW), data)
    server = start_guarded(Access(), org=org)
    limits = {"requests": 20, "concurrent": THREADS, "window_s": 2}
    answer = server.send("POST", f"{server.url}/_emulator/faults", {"limits": limits})
    assert answer.status_code == 200
    yield server


def read(client: Client) -> None:
    """Many small reads, from more threads than may be under way."""

    def ask(_: int) -> int:
        return client.request("GET", "accounts?$top=1").status

    with ThreadPoolExecutor(2 * THREADS) as pool:
        assert set(pool.map(ask, range(80))) == {200}


def write(client: Client) -> None:
    """Bulk updates side by side."""
    schema = load_schema(client, ["account"])
    store = DataverseStore(client, schema, {"account": frozenset({"description"})}, chunk=10)
    changes = [Change("account", _id("ac", n), {"description": "دلیل"}) for n in range(ROWS)]
    assert {outcome.fate for outcome in store.write(changes).outcomes} == {Fate.WRITTEN}


@pytest.mark.parametrize("work", [read, write])
def test_every_thread_of_a_client_obeys_a_pause_that_one_was_told(
    server: OrgServer, work: Callable[[Client], None]
) -> None:
    # A pause ends with room for fewer requests than there are threads: many tries each.
    options = ClientOptions(parallelism=THREADS, attempts=50)
    with closing(Client(server.url, lambda: None, options)) as client:
        work(client)
    meter = used(server.get(f"{server.url}/_emulator/limits"))
    obeyed(meter)
    assert 1 < meter["max_in_flight"] <= THREADS
