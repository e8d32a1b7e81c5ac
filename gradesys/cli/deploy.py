"""``gradesys deploy``: what the rules need in an organisation, and out again."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from gradesys.cli.plantable import estimate_lines, plan_lines
from gradesys.errors import DataverseError, GradesysError, SettingsError
from gradesys.settings import Settings, read_settings, require_org

if TYPE_CHECKING:
    from gradesys.dataverse.client import Client
    from gradesys.deploy.actions import Action
    from gradesys.deploy.proposal import Proposal

LOCAL_SERVICE = "http://127.0.0.1:7071"
BASE_URL = click.option("--base-url", metavar="URL", help="Where the service will be reached.")
CATCH_UP = click.option(
    "--catch-up", is_flag=True, help="Also change tracking of the tables that the rules read."
)
PRUNE = click.option(
    "--prune",
    is_flag=True,
    help="Also remove options, columns and rights of the role that the rules no longer need.",
)
WITH_DATA = click.option(
    "--with-data", is_flag=True, help="Remove columns and tables of ours with the values in them."
)
APPLICATION = click.option(
    "--application",
    metavar="CLIENT_ID",
    help="The service's own application, where it is not the one that signs in here.",
)
SECURE = click.option(
    "--secure-explanation",
    is_flag=True,
    help="Hide explanations from whoever lacks the field security profile; kept from then on.",
)
YES = click.option("--yes", is_flag=True, help="Do not ask.")


class Wishes(Struct, frozen=True):
    """What a plan does only on demand."""

    application: str | None
    catch_up: bool
    prune: bool
    with_data: bool
    secure_explanation: bool


@click.group()
def deploy() -> None:
    """Columns, choices, webhook steps and the button's Custom API, as the rules need them."""


@deploy.command()
@BASE_URL
@APPLICATION
@CATCH_UP
@SECURE
@PRUNE
@WITH_DATA
def plan(base_url: str | None, **wished: Any) -> int:
    """Show what apply would do, and how much work the rules will be; nothing is written."""
    from gradesys.deploy.actions import pending

    settings = require_org(read_settings(os.environ))
    client, wishes = _client(settings), Wishes(**wished)
    proposal = _proposal(settings, client, base_url, wishes)
    actions = _planned(proposal, client, wishes)
    _show(actions)
    _show_estimate(proposal, client)
    return 6 if pending(actions) else 0


@deploy.command()
@BASE_URL
@APPLICATION
@CATCH_UP
@SECURE
@PRUNE
@WITH_DATA
@YES
def apply(base_url: str | None, yes: bool, **wished: Any) -> int:
    """Create and change what is missing or different; doing it twice changes nothing."""
    settings = require_org(read_settings(os.environ))
    client, wishes = _client(settings), Wishes(**wished)
    proposal = _proposal(settings, client, base_url, wishes)
    return _carry_out(settings, client, _planned(proposal, client, wishes), yes)


@deploy.command()
@WITH_DATA
@YES
def remove(with_data: bool, yes: bool) -> int:
    """Take away what apply made. Columns in which rows hold scores and grades stay without
    --with-data, and change tracking, which Dataverse cannot turn off again, stays on."""
    from gradesys.deploy.remove import removal

    settings = require_org(read_settings(os.environ))
    client = _client(settings)
    return _carry_out(settings, client, removal(client, with_data), yes)


def _client(settings: Settings) -> Client:
    from gradesys.org import open_client

    return open_client(settings)


def _proposal(settings: Settings, client: Client, base_url: str | None, wishes: Wishes) -> Proposal:
    from gradesys.dataverse.metadata import MetadataCache
    from gradesys.deploy.proposal import (
        propose,
        with_application,
        with_secured_explanation,
        with_tracking,
    )
    from gradesys.org import read_rules, read_schema

    address, key = _address(settings, base_url), _key(settings)
    sources = read_rules(settings)
    schema = read_schema(MetadataCache(client), [source.model for source in sources])
    proposal = propose(sources, schema, address, key)
    proposal = with_application(proposal, wishes.application or settings.client_id)
    proposal = with_tracking(proposal) if wishes.catch_up else proposal
    proposal = with_secured_explanation(proposal) if wishes.secure_explanation else proposal
    for model, problems in proposal.rulebook.problems.items():
        for problem in problems:
            click.echo(f"left out: {model}: {problem}", err=True)
    return proposal


def _planned(proposal: Proposal, client: Client, wishes: Wishes) -> Sequence[Action]:
    from gradesys.deploy.proposal import proposed_actions, pruning_actions

    if wishes.prune:
        return pruning_actions(proposal, client, wishes.with_data)
    return proposed_actions(proposal, client)


def _address(settings: Settings, base_url: str | None) -> str:
    if base_url:
        return base_url
    if settings.loopback:
        return LOCAL_SERVICE
    raise click.UsageError("--base-url is required: the address where the service will be reached")


def _key(settings: Settings) -> str:
    if not settings.webhook_keys:
        raise SettingsError("set GRADESYS_WEBHOOK_KEYS; the first key is registered with Dataverse")
    first = settings.webhook_keys[0]
    if _is_dropped(settings, first):
        raise SettingsError(
            "rotate-key dropped the first of GRADESYS_WEBHOOK_KEYS: put the newer key first"
        )
    return first


def _is_dropped(settings: Settings, key: str) -> bool:
    """Whether the service refuses the key, as far as this user may look at its ledger."""
    from gradesys.keys import digest_of, read_rotation
    from gradesys.work import open_work

    if not (settings.storage or settings.work.exists()):
        return False
    try:
        rotation, _ = read_rotation(open_work(settings).ledger)
    except GradesysError:
        return False
    return digest_of(key) in rotation.dropped


def _carry_out(settings: Settings, client: Client, actions: Sequence[Action], yes: bool) -> int:
    from gradesys.deploy.apply import apply as carry_out

    ask = sys.stdin.isatty() and not (yes or settings.loopback)
    if ask:
        _show(actions)
        if not click.confirm("Carry this out?", err=True):
            return 1
    done = carry_out(actions, client, lambda action: click.echo(f"{action}", err=True))
    for loss in done.losses:
        click.echo(f"refused, the rest goes on: {loss}", err=True)
    click.echo(
        f"{done.created} created, {done.changed} changed, {done.removed} removed, "
        f"{done.left} as they should be; {client.requests} requests"
    )
    return 0


def _show(actions: Sequence[Action]) -> None:
    for line in plan_lines(actions):
        click.echo(line)


def _show_estimate(proposal: Proposal, client: Client) -> None:
    from gradesys.deploy.estimate import estimate

    try:
        lines = [*estimate_lines(estimate(proposal.rulebook, client))]
    except DataverseError as error:
        lines = [f"not estimated: {error}"]
    for line in lines:
        click.echo(line)
