"""From an event to the grade on the record, over a line that is as long as one to Dataverse.

Two round trips in sequence are the least that a change can take. Our own time is what passes from
the event to the first request, and from its answer to the second, which writes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from bench.posts import Paper, Post, posting, raise_amount
from bench.relay import Relay
from emulator.rows.schema import open_database
from gradesys.demo.stage import Stage
from gradesys.demo.user import User

ROUND_TRIPS = 2
POLL_S = 0.0005
PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds of one event: until the receiver answered, until the grade was stored, ``before`` the
    first request and ``between`` its answer and the second; ``requests`` that it took."""

    accepted: float
    stored: float
    before: float
    between: float
    requests: int

    @property
    def own(self) -> float:
        """Seconds until the first request and from its answer to the second, together."""
        return self.before + self.between


@dataclass(frozen=True, slots=True)
class _Place:
    """Where events are measured. The emulator's database is looked at, not the emulator: questions
    would delay what they ask about."""

    relay: Relay
    post: Post
    database: Connection

    def score(self, paper: Paper) -> Any:
        query = "SELECT gs_score FROM account WHERE accountid = ?"
        return self.database.execute(query, (paper.account,)).fetchone()[0]


def measure(stage: Stage, relay: Relay, folder: Path, papers: Sequence[Paper]) -> list[Wait]:
    """One event after the other, each of another record. The emulator's own posts are dropped: the
    benchmark posts, so that it knows when."""
    user = User(relay.target)
    user.control("POST", "faults", {"webhooks": {"drop": 1.0}})
    try:
        with closing(open_database(str(folder / "org.db"))) as database, posting(stage) as post:
            place = _Place(relay, post, database)
            return [_measure(place, user, paper) for paper in papers]
    finally:
        user.control("POST", "faults", {})


def _measure(place: _Place, user: User, paper: Paper) -> Wait:
    raise_amount(user, paper)
    score, calls = place.score(paper), place.relay.calls
    calls.clear()
    began = place.post(paper)
    accepted = time.perf_counter() - began
    time.sleep(max(0.0, began + ROUND_TRIPS * place.relay.latency_s - time.perf_counter()))
    while place.score(paper) == score:
        _check(began, paper)
        time.sleep(POLL_S)
    stored = time.perf_counter() - began
    while len(calls) < ROUND_TRIPS:
        _check(began, paper)
        time.sleep(POLL_S)
    read, written = calls[:ROUND_TRIPS]
    return Wait(accepted, stored, read.came - began, written.came - read.left, len(calls))


def _check(began: float, paper: Paper) -> None:
    if time.perf_counter() - began > PATIENCE_S:
        raise RuntimeError(f"no grade of {paper.account} came")
