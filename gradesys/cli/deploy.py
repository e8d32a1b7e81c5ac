"""``gradesys deploy``: what the rules need in an organisation, and out again."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from gradesys.errors import GradesysError, SettingsError
from gradesys.settings import Settings, read_settings, require_org

if TYPE_CHECKING:
    from gradesys.dataverse.client import Client
    from gradesys.deploy.actions import Action

LOCAL_SERVICE = "http://127.0.0.1:7071"
BASE_URL = click.option("--base-url", metavar="URL", help="Where the service will be reached.")
CATCH_UP = click.option(
    "--catch-up", is_flag=True, help="Also change tracking of the tables that the rules read."
)
YES = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group()
def deploy() -> None:
    """Columns, choices, webhook steps and the button's Custom API, as the rules need them."""


@deploy.command()
@BASE_URL
@CATCH_UP
def plan(base_url: str | None, catch_up: bool) -> int:
    """Show what apply would do; nothing is written."""
    from gradesys.deploy.actions import pending

    settings = require_org(read_settings(os.environ))
    actions = _planned(settings, _client(settings), base_url, catch_up)
    return 6 if _show(actions) and pending(actions) else 0


@deploy.command()
@BASE_URL
@CATCH_UP
@YES
def apply(base_url: str | None, catch_up: bool, yes: bool) -> int:
    """Create and change what is missing or different; doing it twice changes nothing."""
    settings = require_org(read_settings(os.environ))
    client = _client(settings)
    return _carry_out(settings, client, _planned(settings, client, base_url, catch_up), yes)


@deploy.command()
@YES
def remove(yes: bool) -> int:
    """Take away what apply made, the stored scores and grades included; change tracking, which
    Dataverse cannot turn off again, stays on."""
    from gradesys.deploy.remove import removal

    settings = require_org(read_settings(os.environ))
    client = _client(settings)
    return _carry_out(settings, client, removal(client), yes)


def _client(settings: Settings) -> Client:
    from gradesys.org import open_client

    return open_client(settings)


def _planned(
    settings: Settings, client: Client, base_url: str | None, catch_up: bool
) -> Sequence[Action]:
    from gradesys.dataverse.metadata import MetadataCache
    from gradesys.deploy.proposal import propose, proposed_actions, with_application, with_tracking
    from gradesys.org import read_rules, read_schema

    address, key = _address(settings, base_url), _key(settings)
    sources = read_rules(settings)
    schema = read_schema(MetadataCache(client), [source.model for source in sources])
    proposal = propose(sources, schema, address, key)
    proposal = with_application(proposal, settings.client_id)
    proposal = with_tracking(proposal) if catch_up else proposal
    for model, problems in proposal.rulebook.problems.items():
        for problem in problems:
            click.echo(f"left out: {model}: {problem}", err=True)
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
    if ask and not (_show(actions) and click.confirm("Carry this out?", err=True)):
        return 1
    done = carry_out(actions, client, lambda action: click.echo(f"{action}", err=True))
    for loss in done.losses:
        click.echo(f"refused, the rest goes on: {loss}", err=True)
    click.echo(
        f"{done.created} created, {done.changed} changed, {done.removed} removed, "
        f"{done.left} as they should be; {client.requests} requests"
    )
    return 0


def _show(actions: Sequence[Action]) -> bool:
    """Print a plan, a line an action."""
    for action in actions:
        click.echo(f"{action.kind:8} {action.what}" + (f"  ({action.why})" if action.why else ""))
    return True
