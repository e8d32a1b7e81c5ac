"""Live, button and resync give every record the same, bit for bit: each scores the whole population
from nothing, and all output columns are compared; the right scores are known from elsewhere.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

import requests

from bench.burst import health
from bench.data import Pages
from bench.posts import Paper, posting
from emulator.rows.schema import open_database
from emulator.rows.values import decimal_from_sql
from gradesys.demo.stage import Stage

OUTPUTS = ("gs_score", "gs_grade")
"""Those of bench/resync.yaml."""
PRESSED = 5_000
"""Ids of one press, at most."""
POLL_S = 0.2
PATIENCE_S = 1_800.0
Cells = Mapping[str, tuple[object, ...]]
"""Output columns as they are stored, by record."""


@dataclass(frozen=True, slots=True)
class Sameness:
    """``different``: records that some way gave another result; ``wrong``: whose score is not what
    plain arithmetic gives."""

    records: int
    different: int
    wrong: int


def compare(stage: Stage, folder: Path, pages: Pages) -> Sameness:
    """Score everybody in three ways, on a running service."""
    place = _Place(stage, folder / "org.db", tuple(pages.expected()))
    found = [place.scored(way) for way in (_resync, _live, _button)]
    first, *others = found
    different = sum(any(each[id] != first[id] for each in others) for id in place.ids)
    expected = pages.expected()
    wrong = sum(decimal_from_sql(str(first[id][0])) != expected[id].score for id in place.ids)
    return Sameness(len(place.ids), different, wrong)


@dataclass(frozen=True, slots=True)
class _Place:
    stage: Stage
    database: Path
    ids: tuple[str, ...]

    def scored(self, way: Callable[[_Place], None]) -> Cells:
        """Forget all scores, score everybody again, look."""
        blank = ", ".join(f"{name} = NULL" for name in OUTPUTS)
        with closing(open_database(str(self.database))) as database:
            database.execute(f"UPDATE account SET {blank}")
        way(self)
        self._await()
        with closing(open_database(str(self.database))) as database:
            rows = database.execute(f"SELECT accountid, {', '.join(OUTPUTS)} FROM account")
            return {id: tuple(cells) for id, *cells in rows}

    def _await(self) -> None:
        """Until everybody has a score, and no worker looks at one any more."""
        deadline = time.monotonic() + PATIENCE_S
        query = "SELECT count(*) FROM account WHERE gs_score IS NULL"
        with closing(open_database(str(self.database))) as database:
            while database.execute(query).fetchone()[0] or health(self.stage)["dirty"]:
                if time.monotonic() > deadline:
                    raise RuntimeError("some records were never scored")
                time.sleep(POLL_S)


def _resync(place: _Place) -> None:
    place.stage.resync()


def _live(place: _Place) -> None:
    """An event of each record's paper; whose paper it is, is all that an event tells."""
    with posting(place.stage) as post:
        for id in place.ids:
            post(Paper(id, str(uuid.UUID(int=1)), Decimal(0)))


def _button(place: _Place) -> None:
    address = f"http://127.0.0.1:{place.stage.service_port}/api/recompute"
    headers = {"x-gs-key": place.stage.env["GRADESYS_WEBHOOK_KEYS"]}
    for some in _some(place.ids):
        asked = {"Table": "account", "Ids": json.dumps(some), "RunId": str(uuid.uuid4())}
        inputs = [{"key": name, "value": value} for name, value in asked.items()]
        event = {"MessageName": "gs_Recompute", "InputParameters": inputs}
        requests.post(address, json=event, headers=headers, timeout=60).raise_for_status()


def _some(ids: tuple[str, ...]) -> Iterator[list[str]]:
    rest = iter(ids)
    while some := list(islice(rest, PRESSED)):
        yield some
