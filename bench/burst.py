"""A thousand events over fifty records, at once or after a pause, and what came of them.

Every event raises its record's score, so a score that goes down was written by somebody who had
read before somebody else; and a resync that knows nothing of the events must find nothing to write.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import requests
from msgspec.structs import replace

from bench.posts import Paper, raise_amount
from emulator.rows.schema import open_database
from gradesys.demo.stage import Stage
from gradesys.demo.user import User

EACH = 20
"""Events of one record."""
ALONE = 2
"""Requests of an event that changes a score, where nothing is put together: read, write."""
THREADS = 10
LOOK_S = 0.05
PATIENCE_S = 300.0
SCORES = "SELECT accountid, gs_score FROM account"
"""In the emulator's own database, where the text of scores has their order."""


@dataclass(frozen=True, slots=True)
class Burst:
    """``requests`` of the service alone; ``backward``: times that a score was seen to go down;
    ``wrong``: records that an independent resync had to write afterwards."""

    events: int
    seconds: float
    requests: int
    backward: int
    wrong: int

    @property
    def share(self) -> float:
        """Of the requests that as many events by themselves would have taken."""
        return self.requests / (ALONE * self.events)


def stream(stage: Stage, folder: Path, papers: Sequence[Paper], over_s: float) -> Burst:
    """Events that come over some seconds."""
    user, before = User(stage.url), _asked(stage)
    began = time.monotonic()
    with _Watcher(folder / "org.db") as watcher:
        _raise(stage, papers, over_s)
        _settle(stage, user)
    seconds, asked = time.monotonic() - began, _asked(stage) - before
    events = EACH * len(papers)
    return Burst(events, seconds, asked, watcher.backward, _wrong(stage, folder))


def backlog(stage: Stage, folder: Path, papers: Sequence[Paper]) -> Burst:
    """Events that come during a pause, as in an import, and are dealt with when it ends."""
    user = User(stage.url)
    stage.gradesys("pause", "--for", "1h", "--reason", "bench")
    _raise(stage, papers, 0.0)
    user.control("POST", "settle?timeout=60")
    before = _asked(stage)
    stage.gradesys("resume")
    began = time.monotonic()
    _settle(stage, user)
    seconds, asked = time.monotonic() - began, _asked(stage) - before
    return Burst(EACH * len(papers), seconds, asked, 0, _wrong(stage, folder))


def _raise(stage: Stage, papers: Sequence[Paper], over_s: float) -> None:
    """Raise all amounts in turns; those of one record follow one another."""
    began, pause = time.monotonic(), over_s / EACH

    def edit(papers: Sequence[Paper]) -> None:
        user = User(stage.url)
        for turn in range(EACH):
            for place, paper in enumerate(papers):
                due = began + pause * (turn + place / len(papers))
                time.sleep(max(0.0, due - time.monotonic()))
                raise_amount(user, paper)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(edit, [papers[start::THREADS] for start in range(THREADS)]))


def _settle(stage: Stage, user: User) -> None:
    """Wait until no event is under way and no key waits."""
    user.control("POST", "settle?timeout=60")
    deadline = time.monotonic() + PATIENCE_S
    while health(stage)["dirty"]:
        if time.monotonic() > deadline:
            raise RuntimeError("the keys are not all dealt with")
        time.sleep(LOOK_S)


def _asked(stage: Stage) -> int:
    asked: int = health(stage)["counts"].get("requests", 0)
    return asked


def health(stage: Stage) -> dict[str, Any]:
    """What the service says of itself."""
    address = f"http://127.0.0.1:{stage.service_port}/api/health"
    answer: dict[str, Any] = requests.get(address, timeout=60).json()
    return answer


def _wrong(stage: Stage, folder: Path) -> int:
    """Records that a resync writes which shares no memory with the service."""
    apart = {**stage.env, "GRADESYS_WORK": str(folder / "judge.sqlite")}
    answer = json.loads(replace(stage, env=apart).gradesys("resync", "--json"))
    found: int = answer["written"] + answer["failed"]
    return found


@dataclass
class _Watcher:
    """Looks at all scores all the time; two runs of a record are further apart than two looks."""

    file: Path
    backward: int = 0
    _known: dict[str, str] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        with closing(open_database(str(self.file))) as database:
            while not self._stop.wait(LOOK_S):
                for account, score in database.execute(SCORES).fetchall():
                    self.backward += score < self._known.get(account, score)
                    self._known[account] = score
