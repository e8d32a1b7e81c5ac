"""gradesys under service protection limits: slower, never refused for good, never pushing.

The limits are scaled down so that a run of seconds meets them many times.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from emulator.entrance import Access
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from tests.emulator.conftest import OrgServer
from tests.line.running import Json, Line, running_line

THREADS = 8
USER = "9c1b7f10-77aa-4e0e-b1d5-51a7c0de0001"


def accounts(number: int) -> dict[str, list[Json]]:
    rows = [
        {"accountid": f"ac000000-0000-4000-8000-{place:012x}", "name": f"شرکت {place}",
         "statecode": 0, "createdon": "2026-01-01T08:00:00Z"}
        for place in range(number)
    ]  # fmt: skip
    return {"account": rows}


def used(answer: Json) -> dict[str, Any]:
    found: dict[str, Any] = answer["users"][USER]
    return found


def resync_throttled(line: Line, number: int, **limits: float) -> None:
    """Resync everything under limits: all written, none failed, no pushing during a pause."""
    line.faults(limits=limits)
    line.reset_stats()
    answer = line.resync()
    assert (answer["written"], answer["failed"], answer["parked"]) == (number, 0, 0)
    stats = line.stats()
    assert stats["throttled"] > 0
    assert stats["max_in_flight"] <= limits["concurrent"]
    meter = used(line.session.get(f"{line.url}/_emulator/limits", timeout=30).json())
    assert meter["pauses"] > 0
    assert meter["pushed"] <= meter["pauses"] * (THREADS - 1)
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
def server(start_guarded: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    server = start_guarded(Access())
    limits = {"requests": 20, "concurrent": THREADS, "window_s": 2}
    answer = server.send("POST", f"{server.url}/_emulator/faults", {"limits": limits})
    assert answer.status_code == 200
    yield server


def test_every_thread_of_a_client_obeys_a_pause_that_one_was_told(server: OrgServer) -> None:
    # A pause ends with room for fewer requests than there are threads: many tries each.
    options = ClientOptions(parallelism=THREADS, attempts=50)
    with closing(Client(server.url, lambda: None, options)) as client:

        def ask(_: int) -> int:
            return client.request("GET", "accounts?$top=1").status

        with ThreadPoolExecutor(THREADS) as pool:
            assert set(pool.map(ask, range(80))) == {200}
    meter = used(server.get(f"{server.url}/_emulator/limits"))
    assert meter["pauses"] > 0
    assert meter["pushed"] <= meter["pauses"] * (THREADS - 1)
    assert meter["max_in_flight"] <= THREADS
