"""Commands that work on an organisation: recompute, serve, status."""

from __future__ import annotations

import json
import os
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from gradesys.settings import read_settings

if TYPE_CHECKING:
    from gradesys.app import App
    from gradesys.records import Key

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
POLL_S = 0.1
MOST_CAUSED = 1_000
"""Dependants that a recompute handles itself; a running service takes the rest."""


def open_app() -> App:
    """The service as the environment describes it."""
    from gradesys.app import App

    return App(read_settings(os.environ))


class Instant(click.ParamType[datetime]):
    """An ISO instant with an offset."""

    name = "ISO"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse, or complain as click does."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not an ISO instant", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value} needs an offset, for example +03:30", param, ctx)
        return moment.astimezone(UTC)


class Guid(click.ParamType[str]):
    """A record id."""

    name = "ID"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Parse, or complain as click does."""
        try:
            return str(uuid.UUID(str(value)))
        except ValueError:
            self.fail(f"{value} is not a record id (a guid)", param, ctx)


def require_models(app: App, models: tuple[str, ...]) -> None:
    _tell_left_out(app)
    known = [model.model.id for model in app.rulebook().models]
    unknown = [name for name in models if name not in known]
    if unknown:
        raise click.UsageError(f"no such model: {', '.join(unknown)} (active: {', '.join(known)})")


def require_table(app: App, table: str) -> None:
    if not app.rulebook().by_table(table):
        _tell_left_out(app)
        raise click.UsageError(f"no active rule scores the table {table}")


def _tell_left_out(app: App) -> None:
    for model, problem in app.problems().items():
        click.echo(f"left out: {model}: {problem}", err=True)


@click.command()
@click.argument("table")
@click.argument("records", nargs=-1, required=True, type=Guid())
def recompute(table: str, records: tuple[str, ...]) -> int:
    """Recompute some records now, through the same marks as live events."""
    from gradesys.records import Key, KeyKind

    app = open_app()
    require_table(app, table)
    app.context().require_in_force()
    keys = frozenset(Key(KeyKind.TARGET, table, record) for record in records)
    app.marks.mark(keys)
    if pause := app.paused():
        click.echo(f"{pause}: {len(keys)} noted, and recomputed after gradesys resume", err=True)
        return 1
    _drain(app, keys)
    parked = [item for item in app.marks.parked() if item.key in keys]
    for item in parked:
        click.echo(f"{item.key.id}: {item.part or table}: {item.reason}", err=True)
    click.echo(f"{len(keys)} recomputed, {len({item.key for item in parked})} parked")
    return 5 if parked else 0


def _drain(app: App, keys: frozenset[Key]) -> None:
    """Work until the keys are clean, then on what they caused; a running service may help."""
    from gradesys.heartbeat import kept_alive

    with kept_alive(app.marks):
        while app.marks.waiting(keys) and not app.paused():
            if not app.work_once(keys):
                time.sleep(POLL_S)
        for _ in range(MOST_CAUSED):
            if not app.work_once():
                return


@click.command()
@click.option("--port", default=7071, show_default=True, help="Where to listen, on 127.0.0.1.")
@click.option("--no-timers", is_flag=True, help="Run no timers (for checks).")
def serve(port: int, no_timers: bool) -> int:
    """Receive events and keep scores right, on this machine."""
    from functions import TRIGGERS
    from gradesys import host

    app = open_app()
    click.echo(f"gradesys listens on http://127.0.0.1:{port}", err=True)
    host.run(TRIGGERS, app, port, timers=not no_timers)
    return 0


@click.command()
@JSON
def status(as_json: bool) -> int:
    """How many keys wait, for how long, and how many are parked."""
    app = open_app()
    stats, pause = app.marks.stats(), app.paused()
    if as_json:
        counts: dict[str, object] = {} if pause is None else {"paused": str(pause)}
        counts |= {"dirty": stats.dirty, "oldest_s": stats.oldest_s, "parked": stats.parked}
        click.echo(json.dumps(counts))
        return 0
    if pause:
        click.echo(f"{pause}; gradesys resume ends it")
    click.echo(f"{stats.dirty} waiting (oldest {stats.oldest_s} s), {stats.parked} parked")
    if stats.parked:
        click.echo("why, and what to do: gradesys parked list")
    return 0


COMMANDS = (recompute, serve, status)
