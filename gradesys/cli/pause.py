"""pause and resume: workers rest during an import; nothing is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import click

from gradesys.pause import DEFAULT, LONGEST, begin_pause, end_pause

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class Length(click.ParamType[timedelta]):
    """A length of time such as 90m, 2h or 1d."""

    name = "TIME"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Parse, or complain as click does."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,4})([mhd])", str(value))
        length = int(found[1]) * UNITS[found[2]] if found else None
        if length is None or length > LONGEST:
            self.fail(f"{value} is no time such as 90m, 2h or 1d (at most {LONGEST.days}d)", param)
        return length


@click.command()
@click.option(
    "--for", "length", type=Length(), default=DEFAULT, show_default="12h", help="How long."
)
@click.option("--reason", default="", metavar="TEXT", help="Why; health and status tell it.")
def pause(length: timedelta, reason: str) -> int:
    """Let workers and the nightly resync rest, for an import; events keep being noted."""
    from gradesys.cli.runs import open_app

    app = open_app()
    begun = begin_pause(app.ledger, app.marks.clock(), length, reason)
    click.echo(f"{begun}; it ends by itself then, or by gradesys resume")
    return 0


@click.command()
def resume() -> int:
    """End the pause; what was noted meanwhile is scored now."""
    from gradesys.cli.runs import open_app

    app = open_app()
    ended = end_pause(app.ledger, app.marks.clock())
    app.marks.sweep()
    waiting = app.marks.stats().dirty
    click.echo(f"resumed; {waiting:,} waiting" if ended else "there was no pause")
    return 0


COMMANDS = (pause, resume)
