"""How far a resync is: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress

    from gradesys.resync import Standing

LINE_S = 5.0
"""Seconds between two lines about the same pass."""
SILENCE_S = 60.0
"""A run that says nothing for so long is told as silent."""


@contextmanager
def shown() -> Iterator[Callable[[Standing], None]]:
    """What to call with every new standing."""
    if not sys.stderr.isatty():
        yield _Lines().show
        return
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TextColumn("{task.fields[counts]}"),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars).show


class _Lines:
    """Plain lines, for logs."""

    def __init__(self) -> None:
        self._last = ("", 0)
        self._due = 0.0

    def show(self, standing: Standing) -> None:
        """A line, when something is new and the last one is a while ago."""
        place = (standing.table, standing.done)
        now = time.monotonic()
        if standing.state == "running" and (now >= self._due or place[0] != self._last[0]):
            self._last, self._due = place, now + LINE_S
            parts = f"{standing.done} of {standing.parts} partitions"
            click.echo(f"{standing.table}: {parts}, {counts_of(standing)}", err=True)


class _Bars:
    """A bar a pass: the rows that were read, of those that there are."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._place = ""
        self._task = bars.add_task("starting", total=None, counts="")

    def show(self, standing: Standing) -> None:
        """Move the bar; a new pass begins anew."""
        if standing.table != self._place:
            self._place = standing.table
            self._bars.reset(self._task)
        parts = f" {standing.done}/{standing.parts}" if standing.parts > 1 else ""
        self._bars.update(
            self._task,
            description=f"{standing.table}{parts}",
            total=standing.expected,
            completed=standing.fetched,
            counts=counts_of(standing),
        )


def counts_of(standing: Standing) -> str:
    """What was counted so far."""
    silent = "; silent" if standing.silent_s > SILENCE_S else ""
    return f"{standing.read:,} scored, {standing.written:,} written{silent}"
