"""The command that resyncs: starts a run and works on it, goes on with one, or ends it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from gradesys.cli.progress import shown
from gradesys.cli.runs import JSON, Instant, open_app, require_models

if TYPE_CHECKING:
    from gradesys.app import App
    from gradesys.resync import Standing

HINT = """The run stays under way: a running service goes on with it, or `gradesys resync --resume`;
`gradesys resync --clear-lock` ends it."""
NUMBERS = ("read", "written", "failed", "requests", "seconds", "changed", "closed", "gone")


class Options(Struct, frozen=True):
    """The command's options, but for the form of its answer."""

    models: tuple[str, ...]
    as_of: datetime | None
    dry_run: bool
    yes: bool
    resume: bool
    clear_lock: bool


@click.command()
@click.option(
    "--model", "models", multiple=True, metavar="ID", help="Only this model (repeatable)."
)
@click.option("--as-of", type=Instant(), help="Score as of this instant.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be written.")
@click.option("--yes", is_flag=True, help="Do not ask before many records are changed.")
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option("--clear-lock", is_flag=True, help="End every run that is under way, and do no more.")
@JSON
def resync(as_json: bool, **given: Any) -> int:
    """Recompute every record and write only what differs."""
    app, options = open_app(), Options(**given)
    _check(app, options)
    if options.clear_lock:
        return _clear(app)
    ended = _worked(app, options)
    if ended is None:
        click.echo("no run is under way", err=True)
        return 1
    for model, reason in ended.stopped.items():
        click.echo(f"left out: {model}: {reason}", err=True)
    click.echo(json.dumps(_summary(ended)) if as_json else _sentence(ended, options.dry_run))
    return _exit_code(ended)


def _check(app: App, options: Options) -> None:
    """What makes no sense together, and what is dangerous without a word."""
    other = bool(options.models or options.as_of or options.dry_run)
    if other + options.resume + options.clear_lock > 1:
        raise click.UsageError("--resume and --clear-lock stand alone")
    allowed = options.dry_run or options.yes or app.settings.loopback
    if options.as_of and not allowed:
        raise click.UsageError("--as-of on a writing resync needs --yes")
    if not options.clear_lock:
        require_models(app, options.models)


def _worked(app: App, options: Options) -> Standing | None:
    """Do it. Whatever stops the work for now leaves a run that others can go on with."""
    from gradesys.resync import Wish, resume
    from gradesys.resync import resync as run

    ask = not options.yes and not app.settings.loopback and sys.stdin.isatty()
    wish = Wish(options.models, options.as_of, options.dry_run, _confirm if ask else None)
    try:
        with shown() as progress:
            context = app.context()
            return resume(context, progress) if options.resume else run(context, wish, progress)
    except BaseException:
        if not options.dry_run and _under_way(app):
            click.echo(HINT, err=True)
        raise


def _under_way(app: App) -> bool:
    from gradesys.resync import runs

    return any(run.running for run in runs(app.ledger))


def _clear(app: App) -> int:
    """End runs, and say which: with the time of its last word everybody sees whether one hung."""
    from gradesys.resync import clear

    ended = clear(app.context())
    for run in ended:
        begun = datetime.fromtimestamp(run.started, UTC).isoformat(timespec="seconds")
        left = ", ".join(sorted(run.left))
        click.echo(f"abandoned: run {run.id} of {begun} ({run.cause}); not finished: {left}")
    click.echo(f"{len(ended)} runs ended; what they had written stays")
    return 0


def _confirm(count: int) -> bool:
    return click.confirm(f"More than {count:,} records would change. Write them?", err=True)


def _exit_code(ended: Standing) -> int:
    if ended.failed:
        return 5
    if ended.stopped:
        return 3
    return 1 if ended.declined or ended.state == "abandoned" else 0


def _summary(ended: Standing) -> dict[str, object]:
    told = {name: getattr(ended, name) for name in (*NUMBERS, "parked", "causes", "run", "state")}
    return told | {"drift": ended.drift}


def _sentence(ended: Standing, dry_run: bool) -> str:
    if dry_run:
        return f"{ended.read:,} read; {ended.changed:,} records would change"
    skipped = f", {ended.closed:,} closed records skipped" if ended.closed else ""
    state = "" if ended.state in ("", "done") else f"{ended.state}: "
    return (
        f"{state}{ended.read:,} read, {ended.written:,} written, {ended.failed:,} failed, "
        f"{ended.parked:,} parked{skipped}; {ended.requests:,} requests, {ended.seconds} s"
        f"{_why(ended)}"
    )


def _why(ended: Standing) -> str:
    from gradesys.resync import CAUSES

    told = [f"{ended.causes[name]:,} {why}" for name, why in CAUSES.items() if name in ended.causes]
    return f"\nchanged because: {'; '.join(told)}" if told else ""
