"""How much does a full resync compute, from the bytes of answers to the rows that must be written?

``python -m bench.streaming full`` runs each way in a process of its own and prints its CPU seconds
and the most memory that it held: a bare ``orjson.loads`` of the same bytes beside ours. What ours
would write is compared with bench/expected.py first.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.data import SIZES, TABLES, Pages, pages_of

FOLDER = Path(tempfile.gettempdir()) / "gradesys-bench"
ROUNDS = 3
Told = dict[str, float]


def ours(pages: Pages) -> Told:
    """The real path: decode, fold, score, compare."""
    from bench.org import AS_OF, model, store_of
    from gradesys.engine import survey
    from gradesys.records import Scope

    rules, store = model(), store_of(pages)
    held, began = _held_mb(), time.process_time()
    evaluation = survey((rules,), store, Scope("account"), AS_OF)
    read = time.process_time()
    changed = {
        result.id: result.change.values
        for result in evaluation.results(sorted(evaluation.ids))
        if result.change is not None
    }
    ended = time.process_time()
    peak = _held_mb()
    _check(pages, changed)
    return {
        "cpu": ended - began,
        "read and fold": read - began,
        "score and compare": ended - read,
        "held at start": held,
        "peak": peak,
        "changed": len(changed),
    }


def decoding(pages: Pages) -> Told:
    """Only reading: what our decoding takes of it."""
    from bench.org import AS_OF, model, store_of
    from gradesys.engine import plan_of
    from gradesys.records import Scope

    store, plan = store_of(pages), plan_of((model(),), Scope("account"), AS_OF)
    began = time.process_time()
    for page in store.pages(plan):
        del page
    return {"cpu": time.process_time() - began, "peak": _held_mb()}


def bare(pages: Pages) -> Told:
    """Nothing but ``orjson.loads``."""
    from orjson import loads

    return _parsing(pages, loads)


def untyped(pages: Pages) -> Told:
    """Nothing but msgspec without types."""
    from msgspec.json import decode

    return _parsing(pages, decode)


WAYS: Mapping[str, Callable[[Pages], Told]] = {
    "orjson": bare,
    "msgspec": untyped,
    "decoding": decoding,
    "ours": ours,
}


def _parsing(pages: Pages, parse: Callable[[bytes], object]) -> Told:
    began = time.process_time()
    for table in TABLES:
        for page in pages.of(table):
            parse(page)
    return {"cpu": time.process_time() - began, "peak": _held_mb()}


def _check(pages: Pages, changed: Mapping[str, Mapping[str, object]]) -> None:
    expected = pages.expected()
    if changed.keys() != pages.stale():
        raise RuntimeError("other rows would be written than must be")
    for id, values in changed.items():
        right = expected[id]
        if (values.get("gs_score", right.score), values.get("gs_grade", right.grade)) != right:
            raise RuntimeError(f"account {id} would get another score than it must")


def _held_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run(way: str, size: str) -> Told:
    """One way in a process of its own, whose peak is its own."""
    command = [sys.executable, "-m", "bench.streaming", size, "--way", way]
    told: Told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return told


def main() -> int:
    """Rounds of all ways in turn; the least CPU of each counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", choices=SIZES, nargs="?", default="small")
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    pages = pages_of(FOLDER, SIZES[options.size])
    if options.way:
        sys.stdout.write(json.dumps(WAYS[options.way](pages)))
        return 0
    rounds = [{way: _run(way, options.size) for way in WAYS} for _ in range(options.rounds)]
    best = {way: min((each[way] for each in rounds), key=lambda told: told["cpu"]) for way in WAYS}
    for way, told in best.items():
        figures = ", ".join(f"{name} {value:,.2f}" for name, value in told.items())
        sys.stdout.write(f"{way}: {figures}\n")
    ratio = best["orjson"]["cpu"] / best["ours"]["cpu"]
    sys.stdout.write(f"ours reaches {ratio:.2f} of the speed of a bare orjson.loads\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
