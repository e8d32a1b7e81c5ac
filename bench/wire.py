"""What a resync reads over the wire, beside Microsoft's own SDK and beside one record at a time.

All three ask the same emulator over TLS, with the same columns and filters, and must find the same
rows and the same money. The emulator counts the requests; the CPU seconds are the reader's own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import NamedTuple

import requests

from bench import readers
from bench.data import FOLDER, Size, pages_of
from bench.emulated import emulated
from bench.readers import Found

OURS, SDK, SINGLY = "gradesys", "PowerPlatform-Dataverse-Client", "one record at a time"
READERS: dict[str, Callable[[str], Found]] = {
    OURS: readers.ours,
    SDK: readers.sdk,
    SINGLY: readers.singly,
}


class Figures(NamedTuple):
    """The reader's CPU seconds, of the best round, and its requests."""

    cpu: float
    requests: int


class Wire(NamedTuple):
    """Figures by reader, how many rows each found, and who did not take part."""

    figures: dict[str, Figures]
    rows: int
    missing: list[str]


class UnequalError(Exception):
    """A reader found other rows, so its time means nothing."""


def compare(size: Size, rounds: int) -> Wire:
    """Rounds of the readers by turns."""
    present = dict(READERS)
    missing = []
    if find_spec("PowerPlatform") is None:
        del present[SDK]
        missing.append(f"{SDK} is not installed")
    best: dict[str, Figures] = {}
    with emulated(pages_of(FOLDER, size)) as url:
        found = {name: read(url) for name, read in present.items()}
        if len(set(found.values())) != 1:
            raise UnequalError(f"readers found {found}")
        for _ in range(rounds):
            for name, read in present.items():
                took = _measured(url, read)
                best[name] = min(took, best.get(name, took))
    return Wire(best, found[OURS].rows, missing)


def _measured(url: str, read: Callable[[str], Found]) -> Figures:
    requests.post(f"{url}/_emulator/stats/reset", timeout=30).raise_for_status()
    began = time.process_time()
    read(url)
    cpu = time.process_time() - began
    told = requests.get(f"{url}/_emulator/stats", timeout=30).json()
    return Figures(cpu, told["requests"])


def lines(wire: Wire) -> list[str]:
    """A table: CPU seconds and requests."""
    rows = [f"{f'{wire.rows:,} rows over the wire':44}   CPU s  requests"]
    for name, each in sorted(wire.figures.items(), key=lambda item: item[1].cpu):
        rows.append(f"{name:44} {each.cpu:7.2f} {each.requests:9,}")
    return [*rows, *(f"SKIPPED {each}" for each in wire.missing)]
