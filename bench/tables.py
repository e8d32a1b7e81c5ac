"""The tables of docs/performance.md, written from ``bench/results``: ``python -m bench.tables``.

So no figure is typed by hand, and a test can tell that the page shows those of the stored runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.verdict import RESULTS

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
RUNS = {"full": "1, 2, 3", "scale": "4, 5", "live": "6, 7"}
"""Results whose goals are shown, and the numbers of goals that do not tell their own."""
Told = dict[str, Any]


def main() -> int:
    """Put each table between its marks."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def filled(page: str) -> str:
    """The page with the tables of the stored runs; as it is while no full run is stored."""
    if not (RESULTS / "full.json").exists():
        return page
    run = _read("full")
    for name, lines in (
        ("goals", goals()),
        ("record", record(run)),
        ("resync", resync(run)),
        ("wire", wire(run)),
        ("machine", machine(run)),
    ):
        before, start, rest = page.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition("\n<!-- end -->")
        page = "".join((before, start, "\n".join(lines), end, after))
    return page


def goals() -> Iterator[str]:
    """Every goal of every stored run."""
    yield "| # | What | Goal | Measured | |"
    yield "|---|---|---|---|---|"
    for name, numbers in RUNS.items():
        if (RESULTS / f"{name}.json").exists():
            for each in _read(name)["goals"]:
                yield _goal(each, numbers)


def _goal(each: Told, numbers: str) -> str:
    number, what = numbers, each["name"]
    if what[0].isdigit():
        number, _, what = what.partition(": ")
    least, found, bound = each["least"], each["found"], each["bound"]
    head = f"| {number} | {what} | {'at least' if least else 'at most'} {bound:g}"
    if found is None:
        return f"{head} | unknown | missed |"
    met = found >= bound if least else found <= bound
    share = abs(found / bound - 1) if bound else found
    return f"{head} | {found:,.3g} | {'met' if met else f'**missed** by {share:.0%}'} |"


def record(run: Told) -> Iterator[str]:
    """Microseconds a record, the fastest first."""
    yield "| Engine | µs, best | µs, median | × gradesys |"
    yield "|---|---|---|---|"
    figures = run["figures"]["record"]
    ours = figures["gradesys"]["best_us"]
    for name, each in sorted(figures.items(), key=lambda item: item[1]["best_us"]):
        best, median = each["best_us"], each["median_us"]
        yield f"| {_name(name)} | {best:.2f} | {median:.2f} | {best / ours:.2f} |"


def resync(run: Told) -> Iterator[str]:
    """CPU seconds and peak of each variant, the fastest first."""
    found = run["figures"]["resync"]
    size, figures = found["size"], found["figures"]
    rows = size["invoices"] + size["opportunities"]
    yield f"| {size['accounts']:,} accounts, {rows:,} rows | CPU s | × gradesys | peak MB |"
    yield "|---|---|---|---|"
    ours = figures["gradesys"]["cpu"]
    for name, each in sorted(figures.items(), key=lambda item: item[1]["cpu"]):
        share = each["cpu"] / ours
        yield f"| {_name(name)} | {each['cpu']:.2f} | {share:.2f} | {each['peak_mb']:.0f} |"
    tripled = run["figures"]["tripled"]["gradesys"]
    cpu, peak = tripled["cpu"], tripled["peak_mb"]
    yield f"| gradesys, three times the rows | {cpu:.2f} | {cpu / ours:.2f} | {peak:.0f} |"


def wire(run: Told) -> Iterator[str]:
    """CPU seconds and requests of each reader."""
    found = run["figures"]["wire"]
    yield f"| {found['rows']:,} rows | CPU s | requests |"
    yield "|---|---|---|"
    for name, each in sorted(found["figures"].items(), key=lambda item: item[1]["cpu"]):
        yield f"| {_name(name)} | {each['cpu']:.2f} | {each['requests']:,.0f} |"


def machine(run: Told) -> Iterator[str]:
    """Where and against which versions."""
    on, rounds = run["machine"], run["figures"]["rounds"]
    packages = ", ".join(f"{name} {version}" for name, version in on["packages"].items())
    load = ", ".join(f"{each:g}" for each in on["load"])
    yield f"The last full run: {on['at'][:10]}, {on['cores']} cores, load average {load} (other"
    yield f"work ran beside it), Python {on['python']}; {rounds['record']} rounds of records,"
    yield f"{rounds['resync']} of resyncs. {packages}."


def _name(name: str) -> str:
    return f"**{name}**" if name == "gradesys" else name


def _read(name: str) -> Told:
    told: Told = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return told


if __name__ == "__main__":
    raise SystemExit(main())
