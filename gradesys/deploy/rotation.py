"""A new webhook key for endpoints that are registered, without one event being refused.

First every process accepts the new key, then the endpoints send it, and only when no event has come
with an older one for a while is that one dropped. Each step may be repeated; a stop anywhere
leaves both keys accepted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import pending
from gradesys.deploy.apply import apply
from gradesys.deploy.inventory import read_registered
from gradesys.deploy.manifest import Endpoint, endpoint
from gradesys.deploy.reading import Found
from gradesys.deploy.registration import endpoint_row
from gradesys.deploy.rowspecs import row_action
from gradesys.errors import SettingsError
from gradesys.keyring import USE_S, VIEW_S
from gradesys.keys import Rotation, digest_of, last_uses, mark_of, read_rotation, write_rotation
from gradesys.marks.protocols import Ledger

SEEN_BY_ALL_S = 2 * VIEW_S
"""By then every process has read the ledger again, or does so before it refuses a key."""
SHORTEST_KEY = 32
_PLAIN = re.compile(r"[!-+\--~]*")
_PREFIX = "gradesys-"


class KeyState(Struct, frozen=True):
    """One key as a person sees it: by mark. ``used``: when it last came, in Unix seconds."""

    mark: str
    newest: bool
    accepted: bool
    configured: bool
    registered: bool
    used: float | None


def registered_endpoints(client: Client) -> tuple[Found, ...]:
    """Our service endpoints. Raises SettingsError where there is none yet."""
    found = tuple(read_registered(client)["serviceendpoints"].values())
    if not found:
        raise SettingsError("no service endpoint of ours is registered: run gradesys deploy apply")
    return found


def require_known(endpoints: Sequence[Found], rotation: Rotation, keys: Sequence[str]) -> None:
    """Refuse settings that hold none of the keys that events carry: the service would not accept
    their successor either. Raises SettingsError."""
    known = {mark_of(key) for key in keys} | {each.mark for each in rotation.successors}
    if not {_mark(row) for row in endpoints} <= known:
        raise SettingsError(
            "events carry none of GRADESYS_WEBHOOK_KEYS: run this with the service's settings"
        )


def accept(ledger: Ledger, key: str, keys: Sequence[str]) -> None:
    """Let every process that accepts ``keys`` accept ``key`` too. Raises SettingsError for a key
    that can be guessed or that no header takes."""
    if len(key) < SHORTEST_KEY or not (key.isascii() and key.isprintable()) or {" ", ","} & {*key}:
        raise SettingsError(
            f"a key has at least {SHORTEST_KEY} plain characters, no blank and no comma"
        )
    rotation, version = read_rotation(ledger)
    configured = [digest_of(each) for each in keys]
    write_rotation(ledger, rotation.with_successor(key, configured), version)


def move(client: Client, endpoints: Sequence[Found], key: str) -> int:
    """Let the endpoints send this key; how many were changed."""
    wanted = [(endpoint_row(_with_key(row, key)), row) for row in endpoints]
    actions = pending(row_action(spec, row) for spec, row in wanted)
    return apply(actions, client, lambda action: None).changed


def note_move(ledger: Ledger, at: float) -> None:
    """Remember that the endpoints send the newest key from now on."""
    rotation, version = read_rotation(ledger)
    write_rotation(ledger, replace(rotation, moved=at), version)


def key_states(
    ledger: Ledger, keys: Sequence[str], endpoints: Sequence[Found]
) -> tuple[KeyState, ...]:
    """The configured keys and their successors, the newest first."""
    rotation, _ = read_rotation(ledger)
    uses, digests = last_uses(ledger), {digest_of(key): mark_of(key) for key in keys}
    accepted = rotation.accepted(digests.keys())
    marks = {each.digest: each.mark for each in reversed(rotation.successors)} | digests
    newest = rotation.newest.digest if rotation.newest else next(iter(digests), "")
    return tuple(
        KeyState(
            mark=mark,
            newest=digest == newest,
            accepted=digest in accepted,
            configured=digest in digests,
            registered=mark in {_mark(row) for row in endpoints},
            used=uses.get(mark),
        )
        for digest, mark in marks.items()
    )


def obstacles(
    ledger: Ledger, keys: Sequence[str], endpoints: Sequence[Found], since: float
) -> tuple[str, ...]:
    """Why the older keys cannot be dropped yet; ``since``: how long they must have been unused,
    as the moment, in Unix seconds, when that began."""
    rotation, _ = read_rotation(ledger)
    newest = rotation.newest
    if newest is None:
        return ("no key is being rotated",)
    found = []
    if not keys or digest_of(keys[0]) != newest.digest:
        found.append(f"GRADESYS_WEBHOOK_KEYS does not begin with the new key {newest.mark}")
    if not rotation.moved or {_mark(row) for row in endpoints} != {newest.mark}:
        found.append("the endpoints do not all send it: run gradesys rotate-key start again")
    if rotation.moved > since:
        found.append("the endpoints have not sent it for long enough (--quiet)")
    uses = last_uses(ledger).items()  # also of keys that the settings do not name any more
    late = [mark for mark, at in uses if mark != newest.mark and at + USE_S > since]
    found += [f"the older key {mark} was used not long ago (--quiet)" for mark in late]
    return tuple(found)


def drop_older(ledger: Ledger) -> None:
    """Accept the newest key only, in every process, within a few seconds."""
    rotation, version = read_rotation(ledger)
    write_rotation(ledger, rotation.finished(), version)


def _with_key(row: Mapping[str, object], key: str) -> Endpoint:
    return endpoint(str(row["name"]).removeprefix(_PREFIX), str(row["url"]), key)


def _mark(row: Mapping[str, object]) -> str:
    return str(row["description"]).rpartition(" ")[2]
