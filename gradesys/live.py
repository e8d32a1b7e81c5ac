"""Events in, exact scores out: mark what an event may have made stale, and handle marked keys.

The handler's order is the consistency argument (architecture section 4): clear the mark before the
first read, write and verify, mark the dependants after the write and always on a retry, and only
then acknowledge.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from gradesys.aftermath import (
    propagate,
    recompute_each,
    require_last_word,
    set_aside,
    settle,
)
from gradesys.engine import Context
from gradesys.errors import (
    DataverseError,
    GradesysError,
    PermanentError,
    SettingsError,
    StoreError,
    TemporaryError,
)
from gradesys.marks.protocols import Message
from gradesys.metrics import EVENT_TO_STORED
from gradesys.records import Event, Key, KeyKind, Plan, Scope
from gradesys.rules.affected import affected
from gradesys.rules.expanding import errand

LOG = logging.getLogger(__name__)
PATIENCE = 8
"""Attempts at a key that fails for an unknown reason, before it is parked."""
LONGEST_DELAY_S = 15.0

Handler = Callable[[Context, Message], None]


def receive(context: Context, event: Event) -> frozenset[Key]:
    """Mark every key that an event may have made stale. No call to Dataverse is made."""
    keys = affected(context.rulebook, event)
    if keys:
        context.marks.mark(keys)
        context.metrics.count("marks", len(keys))
    return keys


def handle(context: Context, message: Message, handlers: Mapping[KeyKind, Handler]) -> None:
    """Bring one claimed key up to date, or give it back, or park it.

    A key is given back for as long as Dataverse, the sign-in or the store of marks does not work,
    or newer rules than ours are active: none of that is its fault.
    """
    marks = context.marks
    if not marks.begin(message):
        return
    try:
        context.require_in_force()
        handlers[message.key.kind](context, message)
        require_last_word(context, [message.key])
    except (TemporaryError, SettingsError, StoreError) as error:
        delay = getattr(error, "retry_after", None) or delay_of(message.attempt)
        LOG.warning("retry %s in %.1f s: %s", _name(message.key), delay, log_text(error))
        _later(context, message, delay)
    except PermanentError as error:
        LOG.error("parked %s: %s", _name(message.key), log_text(error))
        _give_up(context, message, str(error))
    except Exception as error:
        LOG.exception("unexpected failure at %s", _name(message.key))
        if message.attempt < PATIENCE:
            _later(context, message, delay_of(message.attempt))
        else:
            _give_up(context, message, f"internal error: {type(error).__name__}")
    else:
        marks.done(message)
        _count_handled(context, message)


def delay_of(attempt: int) -> float:
    """Seconds before the next attempt: doubling, capped."""
    return float(min(LONGEST_DELAY_S, 0.5 * 2 ** min(attempt, 10)))


def log_text(error: GradesysError) -> str:
    """An error as a log may tell it: Dataverse's own words may quote a row, so they stay out."""
    if not isinstance(error, DataverseError) or not error.answer.status:
        return f"{type(error).__name__}: {error}"
    answer = error.answer
    parts = (type(error).__name__, str(answer.status), answer.code, answer.request_id)
    return " ".join(part for part in parts if part)


def _name(key: Key) -> str:
    return " ".join(part for part in (key.kind, key.table, key.id, key.via) if part)


def _later(context: Context, message: Message, delay_s: float) -> None:
    context.marks.retry(message, delay_s)
    context.metrics.count("retries")


def _count_handled(context: Context, message: Message) -> None:
    context.metrics.count("handled")
    if message.key.kind is KeyKind.TARGET:
        context.metrics.record(EVENT_TO_STORED, context.marks.clock() - message.marked)


def _give_up(context: Context, message: Message, reason: str) -> None:
    """Set the key aside; where its status cannot be written now, that is tried again with it."""
    try:
        set_aside(context, message.key, "", reason)
    except (TemporaryError, SettingsError) as error:
        LOG.warning("not parked yet: %s: %s", _name(message.key), log_text(error))
        _later(context, message, delay_of(message.attempt))
    else:
        context.marks.done(message)


def rescore(context: Context, message: Message) -> None:
    """Recompute a target with all models of its table; a failing model is parked alone."""
    key = message.key
    models = context.rulebook.by_table(key.table)
    if not models:
        return
    scope = Scope(key.table, (key.id,))
    written: set[str] = set()
    for report in recompute_each(context, models, scope):
        for result in report.results:
            settle(context, key.table, result, report.outcomes.get(result.id))
        written.update(column for change in report.written() for column in change.values)
    if message.attempt > 1:
        written.update(context.rulebook.output_columns[key.table])
    propagate(context, key.table, key.id, written)


def expand(context: Context, message: Message) -> None:
    """Find the rows that this one leads to, page by page, and mark what they lead to.

    A circle of ancestors is left where it closes.
    """
    rulebook, seen, waiting = context.rulebook, set[str](), [message.key]
    while waiting:
        key = waiting.pop()
        if key.id in seen:
            continue
        seen.add(key.id)
        job = errand(rulebook, key)
        for page in context.store.pages(Plan((job.read,), Scope(key.table, (key.id,)))):
            found = {each for row in page.rows for each in job.follow(row)}
            if found:
                context.marks.mark(found)
            waiting += [each for row in page.rows for each in job.onward(row)]
    context.marks.release(message.key, [""])


HANDLERS: Mapping[KeyKind, Handler] = {
    KeyKind.TARGET: rescore,
    KeyKind.RESOLVE: expand,
    KeyKind.EXPAND: expand,
}
