"""``gradesys rotate-key``: a new webhook key while events keep coming; any step may be repeated."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import asdict

from gradesys.errors import SettingsError
from gradesys.keyring import VIEW_S
from gradesys.settings import Settings, read_settings, require_org

if TYPE_CHECKING:
    from gradesys.dataverse.client import Client
    from gradesys.deploy.reading import Found
    from gradesys.deploy.rotation import KeyState
    from gradesys.marks.protocols import Ledger

DAY_MINUTES = 24 * 60.0
NEXT = """\
3. now put it first in GRADESYS_WEBHOOK_KEYS, for the service and for whoever deploys; the service
   accepts it already, so it need not be restarted
4. look at: gradesys rotate-key status; after a day: gradesys rotate-key finish"""
WAIT = time.sleep


@click.group("rotate-key")
def rotate_key() -> None:
    """Replace the webhook key while events keep coming: start, watch status, finish."""


@rotate_key.command()
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the new key, or to take it from when the file is there.",
)
def start(key_file: Path | None) -> int:
    """Make a new key, let the service accept it, and let Dataverse send it."""
    from gradesys.deploy import knocking, rotation
    from gradesys.keys import read_rotation

    site = _Site(require_org(read_settings(os.environ)))
    rotation.require_known(site.endpoints, read_rotation(site.ledger)[0], site.keys)
    key = _key_of(site, key_file)
    rotation.accept(site.ledger, key, site.keys)
    click.echo(f"1. every process of the service learns the key, {rotation.SEEN_BY_ALL_S:.0f} s")
    WAIT(rotation.SEEN_BY_ALL_S)
    for row in site.endpoints:
        knocking.require_accepted(str(row["url"]), key)
    changed = rotation.move(site.client, site.endpoints, key)
    rotation.note_move(site.ledger, time.time())
    click.echo(f"2. the service accepts it, and Dataverse sends it: {changed} endpoints changed")
    click.echo(NEXT)
    return 0


@rotate_key.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def status(as_json: bool) -> int:
    """Which keys are accepted, which one Dataverse sends, and when each was last used."""
    states = _Site(require_org(read_settings(os.environ))).states()
    if as_json:
        click.echo(json.dumps([asdict(state) for state in states]))
        return 0
    for state in states:
        click.echo(_line(state))
    return 0


@rotate_key.command()
@click.option(
    "--quiet",
    "minutes",
    type=click.FloatRange(min=0),
    default=DAY_MINUTES,
    show_default=True,
    help="Minutes without an older key; 0: drop it at once, for a key that leaked.",
)
def finish(minutes: float) -> int:
    """Accept the new key only, once no event has come with an older one for a day."""
    from gradesys.deploy import rotation
    from gradesys.keys import read_rotation

    site = _Site(require_org(read_settings(os.environ)))
    current, _ = read_rotation(site.ledger)
    if not current.under_way:
        click.echo("no key is being rotated")
        return 0
    since = time.time() - minutes * 60 if minutes else float("inf")
    found = rotation.obstacles(site.ledger, site.keys, site.endpoints, since)
    for obstacle in found:
        click.echo(f"not yet: {obstacle}", err=True)
    if found:
        return 1
    rotation.drop_older(site.ledger)
    click.echo(f"the older keys are refused, by every process within {VIEW_S:.0f} s")
    click.echo("take them out of GRADESYS_WEBHOOK_KEYS")
    return 0


class _Site(Struct, frozen=True, dict=True):
    """What every step looks at."""

    settings: Settings

    @property
    def keys(self) -> tuple[str, ...]:
        if not self.settings.webhook_keys:
            raise SettingsError("set GRADESYS_WEBHOOK_KEYS as the service has it")
        return self.settings.webhook_keys

    @cached_property
    def ledger(self) -> Ledger:
        from gradesys.work import open_work

        return open_work(self.settings).ledger

    @cached_property
    def client(self) -> Client:
        from gradesys.org import open_client

        return open_client(self.settings)

    @cached_property
    def endpoints(self) -> tuple[Found, ...]:
        from gradesys.deploy.rotation import registered_endpoints

        return registered_endpoints(self.client)

    def states(self) -> Sequence[KeyState]:
        from gradesys.deploy.rotation import key_states

        return key_states(self.ledger, self.keys, self.endpoints)


def _key_of(site: _Site, file: Path | None) -> str:
    """The key to rotate to: of the file, of a rotation that stopped, or a new one."""
    if file is not None and file.exists():
        return file.read_text(encoding="utf-8").strip()
    unfinished = _unfinished(site)
    if unfinished:
        return unfinished
    key = secrets.token_urlsafe(32)
    if file is not None:
        _write_secret(file, key)
        click.echo(f"the new key is in {file}")
    elif sys.stdout.isatty():
        click.echo(f"the new key, shown this once: {key}")
    else:
        raise click.UsageError("--key-file is needed where no person reads along")
    return key


def _unfinished(site: _Site) -> str | None:
    """The configured key that a rotation under way is about, where it is configured already."""
    from gradesys.keys import digest_of, read_rotation

    current, _ = read_rotation(site.ledger)
    if not (current.under_way and current.newest):
        return None
    newest = current.newest.digest
    return next((key for key in site.keys if digest_of(key) == newest), None)


def _write_secret(file: Path, text: str) -> None:
    """A new file that nobody else may read."""
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as stream:
        stream.write(f"{text}\n")


def _line(state: KeyState) -> str:
    used = "never" if state.used is None else _instant(state.used)
    facts = {
        "newest": state.newest,
        "accepted": state.accepted,
        "refused": not state.accepted,
        "sent by Dataverse": state.registered,
        "in GRADESYS_WEBHOOK_KEYS": state.configured,
    }
    return f"{state.mark}  last used {used}; {', '.join(name for name, so in facts.items() if so)}"


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
