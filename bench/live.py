"""How soon a grade follows its event, and what a burst of events costs: ``python -m bench.live``.

An emulator behind a line of 80 ms, the real receiver and the real workers, in processes of their
own. ``--quick`` measures fewer events, ``--full`` more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from bench.alike import Alike, compare_all
from bench.burst import Burst, backlog, stream
from bench.data import FOLDER, SIZES, pages_of
from bench.data import Size as Population
from bench.latency import ROUND_TRIPS, Wait, measure
from bench.place import organisation
from bench.posts import papers_of
from bench.quantiles import Spread, spread_of
from bench.relay import relayed
from bench.sameness import Sameness, compare
from bench.verdict import Goal, conclude
from gradesys.demo.user import User

LATENCY_S = 0.080
RECORDS = 50
WARMING = 10
BURST_S = 5.0
OWN_MS = 10.0


class Size(NamedTuple):
    """How many events are measured, which population the service scores in three ways, and which
    one is scored by the same functions in this process, so many seconds of it one by one."""

    events: int
    asked: Population
    called: Population
    alone_s: float


QUICK = Size(60, SIZES["tiny"], SIZES["tiny"], 5.0)
FULL = Size(200, Population(3_000, 30_000, 6_000), SIZES["full"], 5.0)


def main(arguments: Sequence[str] = ()) -> int:
    """Measure, print, store; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the default")
    parser.add_argument("--full", action="store_true")
    size = FULL if parser.parse_args(arguments).full else QUICK
    with tempfile.TemporaryDirectory(prefix="bench-live-") as folder:
        return _measured(Path(folder), size)


def _measured(folder: Path, size: Size) -> int:
    pages = pages_of(folder / "pages", SIZES["tiny"])
    home = folder / "org"
    with organisation(home, pages) as near, relayed(near.url, LATENCY_S) as relay:
        near.resync()
        stage = replace(near, env={**near.env, "GRADESYS_DATAVERSE_URL": relay.url})
        with stage.service("--no-timers"):
            papers = papers_of(User(near.url), WARMING + size.events)
            measure(stage, relay, home, papers[:WARMING])
            waits = measure(stage, relay, home, papers[WARMING:])
            busy = papers[:RECORDS]
            bursts = {
                "stream": stream(near, home, busy, BURST_S),
                "backlog": backlog(near, home, busy),
            }
    alike = compare_all(pages_of(FOLDER, size.called), size.alone_s)
    return _concluded(waits, bursts, _same(folder, size), alike)


def _same(folder: Path, size: Size) -> Sameness:
    """In an organisation of its own, whose rows nobody has changed."""
    pages, home = pages_of(folder / "pages", size.asked), folder / "same"
    with organisation(home, pages) as stage, stage.service("--no-timers"):
        return compare(stage, home, pages)


def _concluded(
    waits: Sequence[Wait], bursts: dict[str, Burst], same: Sameness, alike: Alike
) -> int:
    spreads = _spreads(waits)
    lines = [f"event -> grade, {LATENCY_S * 1000:.0f} ms an answer, {len(waits)} events:"]
    lines += [f"  {name:<32} {spread}" for name, spread in spreads.items()]
    lines += [_told(name, burst) for name, burst in bursts.items()]
    lines.append(f"live, button and resync: {same.records:,} records, {same.different} differ")
    lines.append(f"their functions: {alike.records:,} records, {alike.different} differ")
    sys.stdout.write("\n".join([*lines, ""]))
    figures: dict[str, Any] = {
        "latency_ms": LATENCY_S * 1000,
        "events": len(waits),
        "ms": {name: asdict(spread) for name, spread in spreads.items()},
        "bursts": {name: asdict(burst) | {"share": burst.share} for name, burst in bursts.items()},
        "same": asdict(same),
        "alike": asdict(alike),
    }
    goals = [*_goals(spreads, bursts, waits), *_sameness(same, alike)]
    return conclude("live", figures, goals)


def _sameness(same: Sameness, alike: Alike) -> list[Goal]:
    everybody = f"their functions, all {alike.records:,} records: differ in a bit"
    return [
        Goal("live, button, resync: records that differ in a bit", same.different, 0),
        Goal(everybody, alike.different, 0),
        Goal("records whose score is not what arithmetic gives", same.wrong + alike.wrong, 0),
    ]


def _spreads(waits: Sequence[Wait]) -> dict[str, Spread]:
    """Milliseconds by name."""
    injected = ROUND_TRIPS * LATENCY_S
    return {
        "event accepted": spread_of([wait.accepted for wait in waits]),
        "grade stored": spread_of([wait.stored for wait in waits]),
        "over the injected latency": spread_of([wait.stored - injected for wait in waits]),
        "until the first request": spread_of([wait.before for wait in waits]),
        "from its answer to the second": spread_of([wait.between for wait in waits]),
        "own time": spread_of([wait.own for wait in waits]),
    }


def _goals(
    spreads: dict[str, Spread], bursts: dict[str, Burst], waits: Sequence[Wait]
) -> list[Goal]:
    streamed, waiting = bursts["stream"], bursts["backlog"]
    return [
        Goal("own time, median, ms", spreads["own time"].p50, OWN_MS, 0.25),
        Goal("requests of an event, most", max(wait.requests for wait in waits), ROUND_TRIPS),
        Goal("burst: wrong scores at the end", streamed.wrong + waiting.wrong, 0),
        Goal("burst: scores written backwards", streamed.backward, 0),
        Goal("burst: requests, of uncoalesced ones", streamed.share, 0.75),
        Goal("burst in backlog mode: requests, of uncoalesced ones", waiting.share, 0.05),
    ]


def _told(name: str, burst: Burst) -> str:
    return (
        f"{name}: {burst.events:,} events over {RECORDS} records, {burst.seconds:.1f} s: "
        f"{burst.requests} requests ({burst.share:.3f} of uncoalesced), {burst.wrong} wrong, "
        f"{burst.backward} backward"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
