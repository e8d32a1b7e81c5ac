"""Two processes under Dataverse's limits, scaled down to seconds: slower, nothing lost, no 429s."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from gradesys.budget.bucket import Limit
from gradesys.budget.gate import Budget
from gradesys.budget.shared import Times
from gradesys.dataverse.client import Client
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from tests.emulator.conftest import start_server
from tests.emulator.serving import OrgServer
from tests.line.running import running_line
from tests.line.samples import small_sample

__all__ = ["start_server"]
EACH = 60
WINDOW_S = 4
HANDFUL = 16


@pytest.fixture
def server(start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    server = start_server()
    limits = {"requests": 120, "concurrent": 52, "window_s": WINDOW_S}
    server.send("POST", f"{server.url}/_emulator/faults", {"limits": limits})
    yield server


def ask(server: OrgServer, budget: Budget, reads: int = EACH) -> None:
    """One process with eight threads that has some reads to do."""
    client, pool = Client(server.url, lambda: None, gate=budget), ThreadPoolExecutor(8)
    with closing(client), pool:
        answers = list(pool.map(lambda _: client.request("GET", "WhoAmI"), range(reads)))
    assert {answer.status for answer in answers} == {200}


def refusals(server: OrgServer) -> int:
    found: int = server.emulator.stats.snapshot()["throttled"]
    return found


def test_two_processes_stay_below_the_limit_together(server: OrgServer, tmp_path: Path) -> None:
    limit = Limit(100, WINDOW_S, 0.5)

    def process(_: int) -> None:
        ledger = SqliteLedger(Database(tmp_path / "work.sqlite"))
        ask(server, Budget(ledger, limit, Times(time.time)))

    with ThreadPoolExecutor(2) as both:
        list(both.map(process, range(2)))
    assert refusals(server) == 0


@pytest.mark.long
def test_where_others_use_most_of_the_limit_up_a_few_refusals_find_the_pace(
    server: OrgServer, tmp_path: Path
) -> None:
    limit = Limit(800, WINDOW_S, 0.5)

    def process(_: int) -> None:
        ledger = SqliteLedger(Database(tmp_path / "work.sqlite"))
        ask(server, Budget(ledger, limit, Times(time.time)), 200)

    began = time.monotonic()
    with ThreadPoolExecutor(2) as both:
        list(both.map(process, range(2)))
    (meter,) = server.get(f"{server.url}/_emulator/limits")["users"].values()
    pauses, seconds = meter["pauses"], time.monotonic() - began
    print(f"400 requests in {seconds:.0f} s: {pauses} pauses, {refusals(server)} refusals")
    assert 1 <= pauses <= 4
    assert refusals(server) <= 4 * HANDFUL


@pytest.mark.long
def test_two_services_drain_a_backlog_under_the_limits(tmp_path: Path) -> None:
    with running_line(small_sample(60), tmp_path, GRADESYS_REQUEST_LIMIT="1200") as line:
        line.faults(limits={"requests": 1_300, "concurrent": 52})
        records = [row["accountid"] for row in line.rows("accounts?$select=accountid")]
        line.reset_stats()
        halves = records[::2], records[1::2]
        running = [line.start("recompute", "account", *half) for half in halves]
        assert [command.wait(timeout=300) for command in running] == [0, 0]
        stats = line.stats()
        print(f"{len(records)} accounts, {stats['throttled']} of the requests refused")
        assert stats["throttled"] <= HANDFUL
        assert line.marks.stats().parked == line.marks.stats().dirty == 0
