"""The figures of a run as one picture: microseconds a record, and what a resync takes."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.report import Measured

OURS, OTHERS = "#0b6a8f", "#b8bec4"


def possible() -> bool:
    """Whether it can be drawn here; the figures do not need it."""
    return find_spec("matplotlib") is not None


def draw(measured: Measured, file: Path) -> None:
    """An SVG with text as text, the same bytes for the same figures."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "gradesys", "font.size": 8}
    from matplotlib import pyplot

    record = {name: each.best * 1e6 for name, each in measured.race.times.items()}
    resync = measured.resync.figures
    size = measured.resync.size
    rows = size.invoices + size.opportunities
    figure, (first, second, third) = pyplot.subplots(3, 1, figsize=(7, 9), layout="constrained")
    _bars(first, record, "One record of eight indicators: µs, best round (log)")
    first.set_xscale("log")
    first.set_xlim(left=1)
    title = f"Resync of {size.accounts:,} accounts and {rows:,} rows"
    _bars(second, {name: each.cpu for name, each in resync.items()}, f"{title}: CPU seconds")
    _bars(third, {name: each.peak_mb for name, each in resync.items()}, f"{title}: peak MB")
    file.parent.mkdir(exist_ok=True)
    figure.savefig(file, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def _bars(axes: Any, figures: Mapping[str, float], title: str) -> None:
    """The longest bar below; ours stands out by its colour."""
    ordered = sorted(figures.items(), key=lambda item: -item[1])
    colours = [OURS if name.startswith("gradesys") else OTHERS for name, _ in ordered]
    drawn = axes.barh([name for name, _ in ordered], [value for _, value in ordered], color=colours)
    axes.bar_label(drawn, fmt="{:,.3g}", padding=2)
    axes.set_title(title, loc="left")
    axes.margins(x=0.12)
    axes.spines[["top", "right"]].set_visible(False)
