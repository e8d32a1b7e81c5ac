"""Full resyncs of populations that grow: what they ask for, and what they cost this machine.

Each is run twice; the second finds everything as the first left it.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.bound import Load
from bench.costs import Cost, costed
from bench.data import Size, pages_of
from bench.expected import FIRST_DAY, OPEN, PAID, TODAY
from bench.place import organisation
from emulator.rows.schema import open_database
from gradesys.demo.user import User

COUNTS = (
    "SELECT count(*) FROM account",
    f"SELECT count(*) FROM invoice WHERE statecode = {PAID} "
    f"AND createdon >= '{FIRST_DAY}' AND createdon < '{TODAY}T24'",
    f"SELECT count(*) FROM opportunity WHERE statecode = {OPEN}",
)
"""Rows of the distinct reads of bench/resync.yaml."""


@dataclass(frozen=True, slots=True)
class Run:
    """``requests``: as the emulator counted them; ``most``: what the design allows."""

    cost: Cost
    requests: int
    most: float
    written: int
    failed: int


@dataclass(frozen=True, slots=True)
class Step:
    """A population, its first resync and its second."""

    accounts: int
    rows: int
    first: Run
    second: Run


def measure(folder: Path, size: Size) -> Step:
    """Load so many rows, and resync them twice."""
    pages = pages_of(folder / "pages", size)
    with organisation(folder / f"org-{size.accounts}", pages) as stage:
        user = User(stage.url)
        with closing(open_database(str(folder / f"org-{size.accounts}" / "org.db"))) as database:
            reads = tuple(database.execute(count).fetchone()[0] for count in COUNTS)

        def run() -> Run:
            user.control("POST", "stats/reset")
            told, cost = costed(stage, "resync", "--json")
            answer, requests = json.loads(told), user.control("GET", "stats")["requests"]
            load = Load(reads, answer["written"])
            return Run(cost, requests, load.most, answer["written"], answer["failed"])

        return Step(size.accounts, sum(size), run(), run())
