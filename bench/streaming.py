"""Where does a full resync spend its time, from the bytes of answers to the rows to write?

``python -m bench.streaming full`` runs decoding alone and the whole path in a process each and
prints the CPU seconds of the stages and the most memory held; what would be written is compared
with bench/expected.py first. Beside others it is measured by ``dev.py bench`` (bench/variants).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from bench.data import FOLDER, SIZES, Pages, pages_of
from bench.memory import peak_mb

ROUNDS = 3
Told = dict[str, float]


def ours(pages: Pages) -> Told:
    """The real path: decode, fold, score, compare."""
    from bench.org import AS_OF, model, scopes_of, store_of
    from gradesys.engine import survey

    rules, store = model(), store_of(pages)
    held, began, reading = peak_mb(), time.process_time(), 0.0
    changed: dict[str, Mapping[str, object]] = {}
    for scope in scopes_of(pages):
        started = time.process_time()
        evaluation = survey((rules,), store, scope, AS_OF)
        reading += time.process_time() - started
        for result in evaluation.results(sorted(evaluation.ids)):
            if result.change is not None:
                changed[result.id] = result.change.values
    cpu = time.process_time() - began
    peak = peak_mb()
    _check(pages, changed)
    return {
        "cpu": cpu,
        "read and fold": reading,
        "score and compare": cpu - reading,
        "held at start": held,
        "peak": peak,
        "changed": len(changed),
    }


def decoding(pages: Pages) -> Told:
    """Only reading: what our decoding takes of it."""
    from bench.org import AS_OF, model, scopes_of, store_of
    from gradesys.engine import plan_of

    rules, store = model(), store_of(pages)
    began = time.process_time()
    for scope in scopes_of(pages):
        for page in store.pages(plan_of((rules,), scope, AS_OF)):
            del page
    return {"cpu": time.process_time() - began, "peak": peak_mb()}


WAYS: Mapping[str, Callable[[Pages], Told]] = {
    "decoding": decoding,
    "ours": ours,
}


def _check(pages: Pages, changed: Mapping[str, Mapping[str, object]]) -> None:
    expected = pages.expected()
    if changed.keys() != pages.stale():
        raise RuntimeError("other rows would be written than must be")
    for id, values in changed.items():
        right = expected[id]
        if (values.get("gs_score", right.score), values.get("gs_grade", right.grade)) != right:
            raise RuntimeError(f"account {id} would get another score than it must")


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
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
