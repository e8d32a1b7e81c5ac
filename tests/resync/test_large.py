"""Three hundred thousand records in several partitions, and a process that is killed five times."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.resync import all_parts, runs
from gradesys.resync.plan import PARTITION_ROWS
from tests.line.running import Json, Line, running_line
from tests.oracle.evaluate import Oracle
from tests.oracle.loading import load
from tests.oracle.world import World
from tests.resync.large import RULES, Large, case_rows

ORG = Large(300_000)
KILLS, PAGE = 5, 5_000
SAMPLE = 5_000
QUIET_S = 3.0
PATIENCE_S = 600


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "customers.yaml").write_text(RULES, encoding="utf-8")
    database = tmp_path / "org.db"
    with running_line({}, tmp_path, "--db", str(database), GRADESYS_RULES=str(rules)) as line:
        began = time.monotonic()
        ORG.fill(database)
        print(f"{ORG.accounts:,} accounts and invoices in {time.monotonic() - began:.0f} s")
        yield line


class Watcher:
    """Looks into the ledger of a running process."""

    def __init__(self, line: Line) -> None:
        self._ledger = SqliteLedger(Database(line.folder / "work.sqlite"))

    def written(self) -> int:
        """Rows behind the cursors so far."""
        found = runs(self._ledger)
        parts = all_parts(self._ledger, found[-1].id).values() if found else ()
        return sum(part.tally.written for part in parts)

    def wait(self, process: subprocess.Popen[str], rows: int) -> None:
        """Until so many rows are written."""
        deadline = time.monotonic() + PATIENCE_S
        while self.written() < rows:
            assert process.poll() is None, "it ended before its time"
            assert time.monotonic() < deadline, f"only {self.written()} rows so far"
            time.sleep(0.05)


@pytest.mark.long
@pytest.mark.alone
def test_a_large_resync_that_is_killed_five_times_resumes_and_is_exact(line: Line) -> None:
    began, watcher = time.monotonic(), Watcher(line)
    line.reset_stats()
    process, repeated, dice = line.start("resync"), list[int](), random.Random(5)
    for kill in range(1, KILLS + 1):
        watcher.wait(process, kill * ORG.accounts // (KILLS + 1))
        time.sleep(dice.random())  # anywhere in a chunk
        process.send_signal(signal.SIGKILL)
        process.wait()
        settle(line)  # what was under way lands all the same
        repeated.append(line.stats()["rows_written"] - watcher.written() - sum(repeated))
        process = line.start("resync", "--resume")
    assert process.wait(timeout=PATIENCE_S) == 0
    stats = line.stats()
    (told,) = json.loads(line.gradesys("runs", "--json"))
    detail = json.loads(line.gradesys("runs", told["run"], "--json"))
    print(
        f"killed {KILLS} times: {time.monotonic() - began:.0f} s, {stats['requests']} requests, "
        f"{len(detail['partitions'])} partitions, rows written ahead of the cursors: {repeated}"
    )
    assert (told["state"], told["read"]) == ("done", ORG.accounts)
    assert 0 <= ORG.accounts - told["written"] <= KILLS * PAGE
    assert len(detail["partitions"]) >= ORG.accounts / PARTITION_ROWS
    assert sum(part["attempts"] for part in detail["partitions"]) > KILLS
    assert max(repeated) <= PAGE
    assert stats["rows_written"] - ORG.accounts <= KILLS * PAGE
    assert wrong_of(line, random.Random(5).sample(range(ORG.accounts), SAMPLE)) == []
    assert line.resync()["written"] == 0


def settle(line: Line) -> None:
    """Wait until the emulator has written nothing for a while."""
    before = -1
    while (now := line.stats()["rows_written"]) != before:
        before = now
        time.sleep(QUIET_S)


def wrong_of(line: Line, places: list[int]) -> list[str]:
    """A line for each of these accounts whose score or grade is not the oracle's."""
    model: Any = load(yaml.safe_dump(yaml.safe_load(RULES), allow_unicode=True))
    grades = {921500000 + place: grade for place, grade in enumerate(("A", "B", "C"))}
    wrong = []
    for start in range(0, len(places), 100):
        ids = [ORG.account(place) for place in places[start : start + 100]]
        accounts, invoices = _rows(line, "account", "accountid", ids), _invoices(line, ids)
        oracle = Oracle(
            model, World({"account": accounts, "invoice": invoices}, None), datetime.now(UTC)
        )
        for row in accounts:
            due = oracle.evaluate(row["accountid"])
            stored = (row["gs_score"], grades.get(row["gs_grade"]))
            if stored != (None if due.score is None else float(due.score), due.grade):
                wrong.append(f"{row['accountid']}: {stored}, should be {due.score} {due.grade}")
    return wrong


def _rows(line: Line, table: str, key: str, ids: list[str]) -> list[Json]:
    found = line.rows(f"{table}s?$filter={' or '.join(f'{key} eq {id}' for id in ids)}")
    return case_rows(found)


def _invoices(line: Line, ids: list[str]) -> list[Json]:
    condition = " or ".join(f"_customerid_value eq {id}" for id in ids)
    return case_rows(line.rows(f"invoices?$filter={condition}"), "customerid")
