"""``gradesys smoke``: asks a live organisation whatever only a live one can prove."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import click

from gradesys.cli.files import JSON

if TYPE_CHECKING:
    from gradesys.dataverse.client import Client
    from gradesys.settings import Settings
    from gradesys.smoke import Bench, Finding

LEFT = 5
"""The exit code where rows could not be deleted."""
WIDTH = 120


@click.command()
@click.option("--receiver", metavar="URL", help="The public https address that leads to --port.")
@click.option("--port", type=int, default=0, help="Where to receive posts on this machine.")
@click.option("--yes", is_flag=True, help="Ask a production organisation, too.")
@click.option("--cleanup", is_flag=True, help="Only delete what an earlier run left.")
@JSON
def smoke(receiver: str | None, port: int, yes: bool, cleanup: bool, as_json: bool) -> int:
    """Ask an organisation, with rows of its own, what the documentation leaves open."""
    from gradesys.org import open_client
    from gradesys.settings import read_settings, require_org
    from gradesys.smoke import QUESTIONS, ask_all, require_leave

    settings = require_org(read_settings(os.environ))
    with closing(open_client(settings)) as client:
        require_leave(client, yes)
        if cleanup:
            return _swept(client)
        with _bench(settings, client, receiver, port) as bench:
            try:
                findings = list(ask_all(bench, QUESTIONS, _progress))
            finally:  # whatever ends the run, Ctrl-C included
                left = _swept(client)
    _show(findings, as_json)
    return left


def _progress(line: str) -> None:
    click.echo(line, err=True)


@contextmanager
def _bench(settings: Settings, client: Client, receiver: str | None, port: int) -> Iterator[Bench]:
    """With a receiver where the organisation can reach it: by the address, or on this machine."""
    from gradesys.smoke import MARK, NOWHERE, Bench, Ear, Receiver

    if not (receiver or settings.loopback):
        yield Bench(client, Ear(client, MARK, NOWHERE, "none"), identity=settings.auth)
        return
    with closing(Receiver(port)) as own:
        ear = Ear(client, MARK, receiver or own.url, own.key)
        yield Bench(client, ear, own, settings.auth)


def _swept(client: Client) -> int:
    from gradesys.smoke import sweep

    left = sweep(client)
    for line in left:
        click.echo(f"not deleted: {line}", err=True)
    return LEFT if left else 0


def _show(findings: Sequence[Finding], as_json: bool) -> None:
    rows = [
        {
            "name": each.question.name,
            "question": each.question.text,
            "answer": str(each.answer.said),
            "seen": each.answer.text,
            "means": each.question.meaning(each.answer),
        }
        for each in findings
    ]
    if as_json:
        click.echo(json.dumps({"questions": rows}, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("question", "answer", "seen", "what it means", show_lines=True)
    for row in rows:
        told = (row["question"], row["answer"], row["seen"], row["means"])
        table.add_row(*map(Text, told))
    Console(width=WIDTH, no_color=True).print(table)
