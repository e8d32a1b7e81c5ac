"""Events that came before the rules that may want them: kept as keys, for a worker to look at.

The receiver asks nobody and waits for nobody. While nothing is loaded yet, or a model is left out
for want of something that deploy may just have made, it keeps the event's ids; a worker finds what
they mean once newer rules are there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from gradesys.engine import Context
from gradesys.errors import TemporaryError
from gradesys.marks.protocols import Marks, Message
from gradesys.records import Event, Key, KeyKind, Ref
from gradesys.rules.affected import affected
from gradesys.rules.linkevents import RELATED
from gradesys.rules.memberships import MEMBERS
from gradesys.rules.rulebook import Rulebook

WAIT_S = 2.0
"""How long a worker waits before it looks again whether the rules are newer."""
MOST = 200
"""Ids of one key: a store takes no key of any length."""
KEPT = ("SubordinateId", "Relationship", RELATED, "ListId", MEMBERS)
"""Parameters that hold ids, or the name of a relationship."""


def is_early(rulebook: Rulebook, table: str) -> bool:
    """Whether rules that are left out may want an event of this table: no rule in force does."""
    return bool(rulebook.problems) and table not in rulebook.watches


def keep(marks: Marks, event: Event) -> frozenset[Key]:
    """Note an event for later; durable on return."""
    keys = frozenset(_key(part) for part in _parts(event))
    marks.mark(keys)
    return keys


def reconsider(context: Context, group: Sequence[Message]) -> None:
    """Mark what kept events may have made stale."""
    for message in group:
        event = read_event(message.key)
        await_rules(context, message.key, event.table)
        keys = affected(context.rulebook, event)
        if keys:
            context.marks.mark(keys)


def await_rules(context: Context, key: Key, table: str) -> None:
    """Raises TemporaryError while the rules are older than the key, and newer ones may want it."""
    if is_early(context.rulebook, table) and context.marks.marked_since([key], context.since):
        raise TemporaryError(f"newer rules may want {table}", retry_after=WAIT_S)


def read_event(key: Key) -> Event:
    """The event that a key keeps."""
    told = json.loads(key.via)
    changed = told["changed"]
    return Event(
        message=told["message"],
        table=key.table,
        id=key.id,
        organization="",
        before=_refs(told["before"]),
        after=_refs(told["after"]),
        changed=None if changed is None else frozenset(changed),
        parameters={name: _read(value) for name, value in told["parameters"].items()},
        truncated=told["truncated"],
    )


def _key(event: Event) -> Key:
    told = {
        "message": event.message,
        "before": event.before,
        "after": event.after,
        "changed": None if event.changed is None else sorted(event.changed),
        "parameters": {name: event.parameters[name] for name in KEPT if name in event.parameters},
        "truncated": event.truncated,
    }
    return Key(KeyKind.EVENT, event.table, event.id, json.dumps(told, sort_keys=True))


def _parts(event: Event) -> Iterator[Event]:
    """An event of many ids as several of fewer."""
    given = event.parameters
    many = next((name for name in (RELATED, MEMBERS) if len(given.get(name, ())) > MOST), None)
    if many is None:
        yield event
        return
    for start in range(0, len(given[many]), MOST):
        some = given[many][start : start + MOST]
        yield replace(event, parameters={**given, many: some})


def _refs(told: Mapping[str, Any] | None) -> dict[str, Ref | None] | None:
    if told is None:
        return None
    return {name: None if ref is None else Ref(*ref) for name, ref in told.items()}


def _read(value: Any) -> Any:
    """References were pairs in the text."""
    if not isinstance(value, list):
        return value
    return tuple(Ref(*item) if isinstance(item, list) else item for item in value)
