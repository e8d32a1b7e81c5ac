"""Events in, exact scores out: mark what an event may have made stale, and handle marked keys.

The handler's order is the consistency argument (architecture section 4): clear the mark before the
first read, write and verify, mark the dependants after the write and always on a retry, and only
then acknowledge.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec.structs import replace

from gradesys.aftermath import (
    follow_up,
    propagate,
    recompute_each,
    require_last_word,
    set_aside,
)
from gradesys.engine import Context
from gradesys.errors import (
    DataverseError,
    PermanentError,
    SettingsError,
    StoreError,
    TemporaryError,
    Unsettled,
)
from gradesys.marks.protocols import Message, unheard
from gradesys.metrics import EVENT_TO_STORED
from gradesys.records import Event, Key, KeyKind, Plan, Scope
from gradesys.rules.affected import affected
from gradesys.rules.expanding import errand

LOG = logging.getLogger(__name__)
PATIENCE = 8
"""Attempts at a key that fails for an unknown reason, before it is parked; waits that somebody
asked for are none."""
LONGEST_DELAY_S = 15.0

NOT_ITS_FAULT = (TemporaryError, SettingsError, StoreError)

Handler = Callable[[Context, Sequence[Message]], None]
"""Takes messages whose keys differ in their ids only."""


def receive(context: Context, event: Event, seen: Callable[[], None] = unheard) -> frozenset[Key]:
    """Mark every key that an event may have made stale. No call to Dataverse is made. ``seen`` is
    called as soon as a worker can see the keys."""
    keys = affected(context.rulebook, event)
    if keys:
        context.marks.mark(keys, seen)
        context.metrics.count("marks", len(keys))
    return keys


def handle(context: Context, group: Sequence[Message], handlers: Mapping[KeyKind, Handler]) -> None:
    """Bring claimed keys that one reading answers up to date, or give them back, or park them.

    What goes wrong with several is tried with each alone, at once; only when that is everybody's
    trouble, the rest is given back untried. A key is given back for as long as Dataverse, the
    sign-in or the store of marks does not work, or newer rules than ours are active: none of that
    is its fault.
    """
    marks = context.marks
    mine = marks.begin(*group)
    error = _failure(context, mine, handlers)
    if error is None:
        _end(context, mine)
    elif len(mine) == 1:
        _set_back(context, mine[0], error)
    else:
        LOG.warning("%d keys of %s one by one: %s", len(mine), mine[0].key.table, log_text(error))
        _one_by_one(context, mine, handlers)


def _one_by_one(
    context: Context, group: Sequence[Message], handlers: Mapping[KeyKind, Handler]
) -> None:
    """Each as a second attempt: together they may have written before they failed."""
    general: Exception | None = None
    for message in (replace(each, attempt=each.attempt + 1) for each in group):
        if general is not None:
            _set_back(context, message, general)
        elif context.marks.begin(message):
            error = _failure(context, [message], handlers)
            if error is None:
                _end(context, [message])
            else:
                _set_back(context, message, error)
                general = error if _is_general(error) else None


def _failure(
    context: Context, group: Sequence[Message], handlers: Mapping[KeyKind, Handler]
) -> Exception | None:
    try:
        if group:
            context.require_in_force()
            handlers[group[0].key.kind](context, group)
            require_last_word(context, [message.key for message in group])
    except Exception as error:
        return error
    return None


def _is_general(error: Exception) -> bool:
    """Whether other records would meet the same, and asking again at once would only harm."""
    return isinstance(error, NOT_ITS_FAULT) and not isinstance(error, Unsettled)


def _set_back(context: Context, message: Message, error: Exception) -> None:
    """Give a key back that failed, or park it."""
    name = _name(message.key)
    if isinstance(error, NOT_ITS_FAULT):
        asked = getattr(error, "retry_after", None)
        delay = asked or delay_of(message.attempt)
        LOG.warning("retry %s in %.1f s: %s", name, delay, log_text(error))
        _later(context, message, delay, failed=not asked)
    elif isinstance(error, PermanentError):
        LOG.error("parked %s: %s", name, log_text(error))
        _give_up(context, message, str(error))
    else:
        LOG.error("unexpected failure at %s", name, exc_info=error)
        if message.attempt < PATIENCE:
            _later(context, message, delay_of(message.attempt))
        else:
            _give_up(context, message, f"internal error: {type(error).__name__}")


def delay_of(attempt: int) -> float:
    """Seconds before the next attempt: doubling, capped."""
    return float(min(LONGEST_DELAY_S, 0.5 * 2 ** min(attempt, 10)))


def log_text(error: Exception) -> str:
    """An error as a log may tell it: Dataverse's own words may quote a row, so they stay out."""
    if not isinstance(error, DataverseError) or not error.answer.status:
        return f"{type(error).__name__}: {error}"
    answer = error.answer
    parts = (type(error).__name__, str(answer.status), answer.code, answer.request_id)
    return " ".join(part for part in parts if part)


def _name(key: Key) -> str:
    return " ".join(part for part in (key.kind, key.table, key.id, key.via) if part)


def _later(context: Context, message: Message, delay_s: float, failed: bool = True) -> None:
    """Give the key back; one that waits as it was asked to has not failed.

    Whose claim is lost may have written all the same, and after everybody else had read: then the
    key is marked anew, and who reads its results with it.
    """
    key, outputs = message.key, context.rulebook.output_columns
    if not context.marks.retry(message, delay_s, failed) and key.kind is KeyKind.TARGET:
        context.marks.mark([key])
        propagate(context, key.table, key.id, outputs.get(key.table, frozenset()))
    context.metrics.count("retries")


def _end(context: Context, group: Sequence[Message]) -> None:
    context.marks.done(*group)
    context.metrics.count("handled", len(group))
    for message in group:
        if message.key.kind is KeyKind.TARGET:
            context.metrics.record(EVENT_TO_STORED, context.marks.clock() - message.marked)


def _give_up(context: Context, message: Message, reason: str) -> None:
    """Set the key aside; where its status cannot be written now, that is tried again with it."""
    try:
        set_aside(context, [message.key], "", reason)
    except (TemporaryError, SettingsError) as error:
        LOG.warning("not parked yet: %s: %s", _name(message.key), log_text(error))
        _later(context, message, delay_of(message.attempt))
    else:
        context.marks.done(message)


def rescore(context: Context, group: Sequence[Message]) -> None:
    """Recompute targets with all models of their table; a failing model is parked alone."""
    table = group[0].key.table
    models = context.rulebook.by_table(table)
    if not models:
        return
    scope = Scope(table, tuple(message.key.id for message in group))
    reports = recompute_each(context, models, scope)
    follow_up(context, table, reports, [m.key.id for m in group if m.attempt > 1])


def expand(context: Context, group: Sequence[Message]) -> None:
    """Find the rows that these lead to, page by page, and mark what they lead to.

    A circle of ancestors is left where it closes.
    """
    seen, waiting = set[Key](), {message.key for message in group}
    while waiting:
        seen |= waiting
        waiting = _expand_one_way(context, waiting) - seen
    context.marks.release([(message.key, "") for message in group])


def _expand_one_way(context: Context, keys: Collection[Key]) -> set[Key]:
    """Mark what keys of one table and way lead to; those to be expanded along with them."""
    onward = set[Key]()
    key = next(iter(keys))
    job = errand(context.rulebook, key)
    scope = Scope(key.table, tuple(sorted(key.id for key in keys)))
    for page in context.store.pages(Plan((job.read,), scope)):
        found = {each for row in page.rows for each in job.follow(row)}
        if found:
            context.marks.mark(found)
        onward.update(each for row in page.rows for each in job.onward(row))
    return onward


HANDLERS: Mapping[KeyKind, Handler] = {
    KeyKind.TARGET: rescore,
    KeyKind.RESOLVE: expand,
    KeyKind.EXPAND: expand,
}
