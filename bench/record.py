"""One record in every engine: equal answers first, then the race.

``python -m bench.record`` runs it alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bench import eight
from bench.peers.card import read_card
from bench.peers.ours import NAME as OURS
from bench.peers.peer import Peer
from bench.peers.table import gather
from bench.rounds import Times, interleaved
from gradesys.records import Row
from gradesys.rules.arithmetic import computing


class Race(NamedTuple):
    """Seconds a record by engine, which packages each needs, and who did not take part."""

    times: dict[str, Times]
    packages: dict[str, tuple[str, ...]]
    missing: list[str]
    records: int


class UnequalError(Exception):
    """An engine's answer is not that of the product, so its time means nothing."""


def race(rounds: int) -> Race:
    """Every engine over the same records. Raises UnequalError before any clock runs."""
    peers, missing = gather(read_card(eight.RULES))
    rows = eight.rows()
    with computing():
        must_agree(peers, rows)
        times = interleaved({peer.name: _pass(peer, rows) for peer in peers}, rounds)
    each = {name: taken.each(len(rows)) for name, taken in times.items()}
    return Race(each, {peer.name: peer.packages for peer in peers}, missing, len(rows))


def must_agree(peers: Sequence[Peer], rows: Sequence[Row]) -> None:
    """Score and grade of every record are those of the product."""
    (ours,) = [peer for peer in peers if peer.name == OURS]
    for row in rows:
        right = _answer(ours, row)
        for peer in peers:
            found = _answer(peer, row)
            if found != right:
                raise UnequalError(f"{peer.name} says {found}, {OURS} {right}, of {row}")


def _answer(peer: Peer, row: Row) -> object:
    return peer.told(peer.score(peer.prepare(row)))


def _pass(peer: Peer, rows: Sequence[Row]) -> Callable[[], None]:
    prepared, score = [peer.prepare(row) for row in rows], peer.score

    def run() -> None:
        for record in prepared:
            score(record)

    return run


def lines(found: Race) -> list[str]:
    """A table: microseconds a record and how many times as long as ours."""
    ours = found.times[OURS].best
    rows = [f"{'one record, eight indicators':44} best µs  median  x gradesys"]
    for name, times in sorted(found.times.items(), key=lambda item: item[1].best):
        figures = f"{times.best * 1e6:7.2f} {times.median * 1e6:7.2f} {times.best / ours:11.2f}"
        rows.append(f"{name:44} {figures}")
    return [*rows, *(f"SKIPPED {each}" for each in found.missing)]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(race(int(sys.argv[1]) if sys.argv[1:] else 40))) + "\n")
