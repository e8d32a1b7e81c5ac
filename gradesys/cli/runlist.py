"""The command that lists resyncs, and tells everything about one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from gradesys.cli.runs import JSON, open_app

if TYPE_CHECKING:
    from gradesys.engine import Context
    from gradesys.resync import Run, Standing, Tally

SHOWN = 20
SHORT = 8
"""So much of an id is shown, and enough to ask with."""
WIDTH = 140
"""Columns, where nothing tells how wide a terminal is."""
COLUMNS = "started|cause|models|state|read|changed|written|failed|parked|seconds|requests|run"


@click.command("runs")
@click.argument("run_id", metavar="[ID]", required=False)
@click.option(
    "--all", "every", is_flag=True, help=f"All that are remembered, not the last {SHOWN}."
)
@JSON
def list_runs(run_id: str | None, every: bool, as_json: bool) -> int:
    """List resyncs: when, why, what they read, changed and wrote; with an ID, one in detail."""
    from gradesys.resync import runs

    context = open_app().context()
    found = runs(context.ledger)
    if run_id is not None:
        found = [run for run in found if run.id.startswith(run_id.lower())]
        if len(found) != 1:
            raise click.UsageError(f"{len(found)} runs have an id that begins with {run_id}")
        return _tell(context, found[0], as_json)
    names = COLUMNS.split("|")
    rows = [_cells(context, run) for run in reversed(found)][: None if every else SHOWN]
    if as_json:
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows]))
    else:
        _print_table(names, [(*row[:-1], str(row[-1])[:SHORT]) for row in rows])
    return 0


def _cells(context: Context, run: Run) -> tuple[str | int | float, ...]:
    from gradesys.resync import standing

    now = standing(context, run)
    models = ", ".join(sorted(run.versions))
    numbers = (now.read, now.changed, now.written, now.failed, now.parked)
    return _time(run.started), run.cause, models, _state(run, now), *numbers, *_effort(now), run.id


def _effort(now: Standing) -> tuple[float, int]:
    return round(now.seconds, 1), now.requests


def _state(run: Run, now: Standing) -> str:
    if run.successor:
        return f"{run.state} by {run.successor}"
    return f"{run.state} (silent for {now.silent_s:.0f} s)" if now.silent_s > 60 else run.state


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}Z"


def _print_table(names: list[str], rows: list[tuple[str | int | float, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name != "models")
    for row in rows:
        table.add_row(*(f"{c:,}" if isinstance(c, int | float) else c for c in row))
    console = Console()
    console.width = console.width if console.is_terminal else WIDTH
    console.print(table)


def _tell(context: Context, run: Run, as_json: bool) -> int:
    """One run: its counts, why rows changed, and its partitions."""
    from gradesys.resync import standing

    now = standing(context, run)
    told = dict(_facts(run, now)) | {"causes": dict(now.causes), "stopped": dict(run.stopped)}
    parts = _parts(context, run)
    if as_json:
        click.echo(json.dumps(told | {"partitions": parts}))
        return 0
    for name, value in _facts(run, now):
        click.echo(f"{name}: {value:,}" if isinstance(value, int) else f"{name}: {value}")
    for line in _reasons(now):
        click.echo(line)
    for part in parts:
        click.echo("  partition " + ", ".join(f"{name} {value}" for name, value in part.items()))
    return 0


def _facts(run: Run, now: Standing) -> Iterator[tuple[str, str | int]]:
    yield "run", run.id
    yield "cause", run.cause
    yield "state", _state(run, now)
    yield "as of", run.as_of.isoformat()
    yield "started", _time(run.started)
    yield "ended", _time(run.ended)
    yield "seconds", str(now.seconds)
    for name in ("read", "changed", "written", "failed", "closed", "gone", "parked", "requests"):
        yield name, getattr(now, name)
    yield "rules", ", ".join(f"{name} {version}" for name, version in sorted(run.versions.items()))


def _reasons(now: Standing) -> Iterator[str]:
    from gradesys.resync import CAUSES

    for name, why in CAUSES.items():
        if name in now.causes:
            yield f"  {now.causes[name]:,}: {why}"
    if now.sampled:
        yield f"  of rows the day moved, {now.sampled} were checked and {now.drifted} had drifted"
    yield f"unexplained: {now.drift:.4%} of the rows read"
    for model, reason in now.stopped.items():
        yield f"left out: {model}: {reason}"


def _parts(context: Context, run: Run) -> list[dict[str, object]]:
    """Every partition that somebody has begun, of all passes."""
    from gradesys.resync import all_parts

    return [
        {
            "pass": step,
            "number": number,
            "attempts": part.attempt,
            "state": "done" if part.done else f"after {part.cursor or 'nothing yet'}",
            **_counted(part.tally),
        }
        for (step, number), part in all_parts(context.ledger, run.id).items()
    ]


def _counted(tally: Tally) -> dict[str, object]:
    return {name: getattr(tally, name) for name in ("read", "changed", "written", "failed")}
