"""``gradesys catchup``: the quarter-hour round now, and what it found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from msgspec.structs import asdict

from gradesys.cli.runs import JSON, open_app

if TYPE_CHECKING:
    from gradesys.catchup.rounds import Round
    from gradesys.catchup.tracked import Caught

TURN_ON = "not tracked; gradesys deploy apply --catch-up turns it on"


@click.command()
@JSON
def catchup(as_json: bool) -> int:
    """Mark what changed without an event, and compare the registered steps with the rules."""
    from gradesys.catchup.rounds import go_round

    found = go_round(open_app())
    if as_json:
        click.echo(json.dumps(_document(found), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found)))
    return _exit_code(found)


def _exit_code(found: Round) -> int:
    from gradesys.catchup.tracked import State

    if found.refused or any(c.state is State.REFUSED for c in found.tables.values()):
        return 3
    return 1 if found.drift.color == "red" else 0


def _document(found: Round) -> dict[str, object]:
    return {
        "marked": found.marked,
        "tables": {name: asdict(caught) for name, caught in found.tables.items()},
        "failed_posts": asdict(found.failures),
        "drift": found.drift.told(),
        "refused": found.refused,
    }


def _lines(found: Round) -> Iterator[str]:
    width = max(map(len, found.tables), default=0)
    for name, caught in found.tables.items():
        yield f"{name:{width}}  {_of_table(caught)}"
    failures = found.failures
    yield (
        f"{failures.jobs:,} failed posts of our steps: {failures.covered:,} of tables above,"
        f" {failures.marked:,} marked, {failures.unknown:,} do not tell whom they concern"
    )
    drift = found.drift
    if drift.at:
        yield f"registered steps: {drift.text or 'as the rules need them'}"
    if drift.fix:
        yield f"  -> {drift.fix}"
    for part, reason in found.refused.items():
        yield f"{part}: not done: {reason}"
    yield f"{found.marked:,} marked in all; a running service recomputes them"


def _of_table(caught: Caught) -> str:
    """One line about a table."""
    from gradesys.catchup.tracked import State

    deleted = f"{caught.deleted:,} deleted"
    if caught.unknown:
        deleted += " (whom they belonged to is left to the nightly resync)"
    counts = f"{caught.changed:,} changed, {deleted}, {caught.marked:,} marked"
    more = f"; {caught.why}: its models will be resynced" if caught.why else ""
    return {
        State.UNTRACKED: TURN_ON,
        State.BEGUN: f"{counts}; followed from now on",
        State.FOLLOWED: f"{counts}{more}",
        State.LOST: f"{counts}{more}",
        State.REFUSED: f"not read: {caught.why}",
    }[caught.state]
