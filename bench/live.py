"""How soon a grade follows its event, and what a burst of events costs: ``python -m bench.live``.

An emulator behind a line of 80 ms, the real receiver and the real workers, in processes of their
own. ``--quick`` measures fewer events, ``--full`` more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

from bench.burst import Burst, backlog, stream
from bench.data import SIZES, pages_of
from bench.latency import ROUND_TRIPS, Wait, measure
from bench.place import organisation
from bench.posts import papers_of
from bench.quantiles import Spread, spread_of
from bench.relay import relayed
from bench.verdict import Goal, conclude
from gradesys.demo.user import User

LATENCY_S = 0.080
RECORDS = 50
WARMING = 10
OWN_MS = 10.0


class Size(NamedTuple):
    """How many events are measured, and over how many seconds the burst comes."""

    events: int
    burst_s: float


QUICK, FULL = Size(60, 5.0), Size(200, 5.0)


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
                "stream": stream(near, home, busy, size.burst_s),
                "backlog": backlog(near, home, busy),
            }
    return _concluded(waits, bursts)


def _concluded(waits: Sequence[Wait], bursts: dict[str, Burst]) -> int:
    spreads = _spreads(waits)
    lines = [f"event -> grade, {LATENCY_S * 1000:.0f} ms an answer, {len(waits)} events:"]
    lines += [f"  {name:<32} {spread}" for name, spread in spreads.items()]
    lines += [_told(name, burst) for name, burst in bursts.items()]
    sys.stdout.write("\n".join([*lines, ""]))
    figures: dict[str, Any] = {
        "latency_ms": LATENCY_S * 1000,
        "events": len(waits),
        "ms": {name: asdict(spread) for name, spread in spreads.items()},
        "bursts": {name: asdict(burst) | {"share": burst.share} for name, burst in bursts.items()},
    }
    return conclude("live", figures, _goals(spreads, bursts, waits))


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
