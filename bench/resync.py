"""A whole resync in every variant: each in a process of its own, so that its peak is its own.

Who finds another sum, other grades or other changes than plain arithmetic is an error, and no
figure of that run is shown. CPU seconds are compared, all threads together.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import Any, NamedTuple

from bench.data import FOLDER, Pages, Size, pages_of
from bench.variants.outcome import expected

OURS, LIMIT = "gradesys", "orjson.loads alone"
POLARS, JSON_PANDAS = "polars, all pages", "json + pandas"
VARIANTS: dict[str, tuple[str, tuple[str, ...]]] = {
    OURS: ("ours", ()),
    LIMIT: ("limit", ("orjson",)),
    POLARS: ("polars_all", ("polars",)),
    "polars, by page": ("polars_pages", ("polars",)),
    "duckdb, spooled pages": ("duckdb_pages", ("duckdb",)),
    "orjson + pandas, by page": ("orjson_pandas", ("orjson", "pandas", "numpy", "pyarrow")),
    JSON_PANDAS: ("json_pandas", ("pandas", "numpy", "pyarrow")),
    "json and dicts": ("naive", ()),
}
"""Module and packages by name."""


class Figures(NamedTuple):
    """The least CPU and wall seconds of all rounds, and the highest peak."""

    cpu: float
    wall: float
    peak_mb: float


class Comparison(NamedTuple):
    """Figures by variant, and who did not take part."""

    figures: dict[str, Figures]
    missing: list[str]
    size: Size


class UnequalError(Exception):
    """A variant found something else, so its time means nothing."""


def compare(size: Size, rounds: int, names: tuple[str, ...] = tuple(VARIANTS)) -> Comparison:
    """Rounds of the variants by turns."""
    pages = pages_of(FOLDER, size)
    absent = {name: lacks for name in names if (lacks := _lacking(VARIANTS[name][1]))}
    present = [name for name in names if name not in absent]
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in present}
    for _ in range(rounds):
        for name in present:
            taken[name].append(run_alone(VARIANTS[name][0], size))
    must_agree(pages, {name: told[0]["outcome"] for name, told in taken.items()})
    missing = [f"{name}: {', '.join(lacks)} not installed" for name, lacks in absent.items()]
    return Comparison({name: _best(told) for name, told in taken.items()}, missing, size)


def must_agree(pages: Pages, outcomes: dict[str, dict[str, Any] | None]) -> None:
    """Everyone but the limit, which computes nothing, found what plain arithmetic did."""
    right = expected(pages)._asdict()
    for name, found in outcomes.items():
        if found != (None if name == LIMIT else right):
            raise UnequalError(f"{name} found {found}, plain arithmetic {right}")


def run_alone(module: str, size: Size) -> dict[str, Any]:
    """What one variant prints, from a process of its own."""
    command = [sys.executable, "-m", "bench.variants", module, str(FOLDER), *map(str, size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _best(rounds: list[dict[str, Any]]) -> Figures:
    return Figures(
        cpu=min(told["cpu"] for told in rounds),
        wall=min(told["wall"] for told in rounds),
        peak_mb=max(told["peak_mb"] for told in rounds),
    )


def _lacking(packages: tuple[str, ...]) -> list[str]:
    return [name for name in packages if importlib.util.find_spec(name) is None]


def lines(found: Comparison) -> list[str]:
    """A table: CPU seconds, how many times those of ours, and the peak."""
    ours = found.figures[OURS].cpu
    children = found.size.invoices + found.size.opportunities
    title = f"resync of {found.size.accounts:,} accounts, {children:,} rows"
    rows = [f"{title:44}   CPU s  x gradesys  peak MB"]
    for name, each in sorted(found.figures.items(), key=lambda item: item[1].cpu):
        rows.append(f"{name:44} {each.cpu:7.2f} {each.cpu / ours:11.2f} {each.peak_mb:8.0f}")
    return [*rows, *(f"SKIPPED {each}" for each in found.missing)]
