"""``gradesys parked``: which records could not be scored, why, and what is to become of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from gradesys.cli.files import JSON
from gradesys.cli.runs import Guid, open_app
from gradesys.errors import GradesysError

if TYPE_CHECKING:
    from gradesys.app import App
    from gradesys.marks.protocols import Parked

HONEST = (
    "{count} will be forgotten. A record keeps the grade that it has, right or wrong, and nothing"
    " tries it again until it changes or a resync comes. Forget them?"
)


class Wanted(TypedDict):
    """Which of the parked keys are meant."""

    records: tuple[str, ...]
    model: str | None
    table: str | None


def _selection(command: Callable[..., int]) -> Callable[..., int]:
    command = click.option("--table", metavar="NAME", help="Only records of this table.")(command)
    command = click.option("--model", metavar="ID", help="Only what this model could not score.")(
        command
    )
    return click.argument("records", nargs=-1, type=Guid())(command)


@click.group()
def parked() -> None:
    """Records that could not be scored: list them, try them again, or forget them."""


@parked.command("list")
@_selection
@JSON
def list_(as_json: bool, **wanted: Unpack[Wanted]) -> int:
    """What is parked, since when, why, and what to do."""
    found = [told_of(item) for item in _chosen(open_app(), wanted)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo("\n".join(map(_lines, found)) or "nothing is parked")
    return 0


@parked.command()
@_selection
@click.option("--all", "every", is_flag=True, help="Everything that is parked.")
def retry(every: bool, **wanted: Unpack[Wanted]) -> int:
    """Mark records again, so that a running service tries them; whoever fought over them before."""
    from gradesys.breaker import close

    app = open_app()
    keys = {item.key for item in _named(app, every, wanted)}
    for key in keys:
        close(app.ledger, key)
    for key in keys:
        close(app.ledger, key)
    app.marks.mark(keys)
    click.echo(f"{len(keys)} marked; what works is off the list in a moment")
    return 0


@parked.command()
@_selection
@click.option("--all", "every", is_flag=True, help="Everything that is parked.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(every: bool, yes: bool, **wanted: Unpack[Wanted]) -> int:
    """Forget that records are parked. They keep the grade that they have."""
    app = open_app()
    found = _named(app, every, wanted)
    if not yes and not click.confirm(HONEST.format(count=len(found)), err=True):
        return 1
    app.marks.release([(item.key, item.part) for item in found])
    click.echo(f"{len(found)} forgotten")
    return 0


def _chosen(app: App, wanted: Wanted) -> list[Parked]:
    return [
        item
        for item in app.marks.parked()
        if (not wanted["records"] or item.key.id in wanted["records"])
        and wanted["model"] in (None, item.part)
        and wanted["table"] in (None, item.key.table)
    ]


def _named(app: App, every: bool, wanted: Wanted) -> Sequence[Parked]:
    """What is meant, which must be said and must be there."""
    if not (every or wanted["records"] or wanted["model"] or wanted["table"]):
        raise click.UsageError("name records, or use --model, --table or --all")
    found = _chosen(app, wanted)
    missing = set(wanted["records"]) - {item.key.id for item in found}
    if missing or not found:
        raise GradesysError(f"not parked: {', '.join(sorted(missing)) or 'nothing is'}")
    return found


def told_of(item: Parked) -> dict[str, str]:
    """A parked key in words, for people and programs."""
    from gradesys.remedies import todo_of

    return {
        "table": item.key.table,
        "id": item.key.id,
        "model": item.part,
        "since": datetime.fromtimestamp(item.since, UTC).isoformat(timespec="seconds"),
        "reason": item.reason,
        "todo": todo_of(item.reason),
    }


def _lines(told: dict[str, str]) -> str:
    which = told["model"] or "all models"
    head = f"{told['table']} {told['id']}: {which}, since {told['since']}"
    return f"{head}\n    {told['reason']}\n    -> {told['todo']}"
