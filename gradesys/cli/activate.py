"""The activate command: which rules are in force since when, and putting the folder's in force."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from gradesys.settings import read_settings

if TYPE_CHECKING:
    from gradesys.activation import Activation


@click.command()
@click.option("--list", "only_list", is_flag=True, help="Change nothing; only show the history.")
def activate(only_list: bool) -> int:
    """Put the rules of this folder in force, also older ones than those that are."""
    from gradesys.activation import Ruleset, history
    from gradesys.activation import activate as put_in_force
    from gradesys.loading import signature_of, stamp_of
    from gradesys.org import read_rules
    from gradesys.rules.rulebook import digests_of
    from gradesys.work import open_work

    settings = read_settings(os.environ)
    work = open_work(settings)
    if not only_list:
        stamp = stamp_of(signature_of(settings))
        rules = Ruleset(digests_of(read_rules(settings)), stamp)
        put_in_force(work.ledger, rules, work.marks.clock())
    found = history(work.ledger)
    for activation in found:
        click.echo(_line(activation, activation is found[-1]))
    if not found:
        click.echo("no rules were put in force yet")
    return 0


def _line(activation: Activation, in_force: bool) -> str:
    when = activation.at.isoformat(sep=" ", timespec="seconds")
    changed = ", ".join(activation.changed) or "none"
    told = "  in force" if in_force else ""
    return f"{activation.seq}  {when}  {activation.hash}  changed: {changed}{told}"
