"""«Recompute» pressed on a form or a grid: the ids of a Custom API call, and the run row it polls.

The receiver only notes the wish and marks a run key; a worker does the work through the same
engine as everything else and reports in the ``gs_run`` row whose id the caller chose
(architecture section 8).
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from gradesys.aftermath import follow_up, recompute_each
from gradesys.changes import Fate
from gradesys.engine import Context, Report
from gradesys.errors import GradesysError, PermanentError
from gradesys.live.early import await_rules
from gradesys.marks.protocols import Message, Notes
from gradesys.records import Event, Key, KeyKind, Scope, Value
from gradesys.resync import Order, Tally, start_run, total
from gradesys.runrow import STATES, counts, put_rows

MESSAGE = "gs_Recompute"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,127}")
CHUNK = 20
MOST_IDS = 5_000
NO_RULES = "no active rule scores the table"
"""The button's script knows it by these words."""
_MEMBERS = frozenset({"table", "ids", "run"})
_BAD_IDS = "RunId must be a guid, and Ids a JSON list of guids or empty"


class BadPress(GradesysError):
    """The Custom API's parameters make no sense; the text says which."""


class Press(Struct, frozen=True):
    """A validated press: ids None means every record of the table."""

    run: str
    table: str
    ids: tuple[str, ...] | None


def read_press(event: Event) -> Press:
    """Check the parameters of a gs_Recompute event. Raises BadPress."""
    given = event.parameters
    try:
        listed = json.loads(str(given.get("Ids") or "[]"))
    except (ValueError, RecursionError) as error:
        raise BadPress(_BAD_IDS) from error
    return _press(str(given.get("RunId")), str(given.get("Table") or ""), listed)


def read_request(asked: Mapping[str, Any]) -> Press:
    """Check what a program asks for: ``table``, and if it likes ``ids`` and ``run``; a list without
    ids is no way to say all. Raises BadPress."""
    if strange := asked.keys() - _MEMBERS:
        raise BadPress(f"the body has {len(strange)} members besides table, ids and run")
    ids = asked.get("ids")
    if not isinstance(ids, list | None) or ids == []:
        raise BadPress("ids is a list of guids; leave it out to recompute every record")
    run = str(asked.get("run") or uuid.uuid4())
    return _press(run, str(asked.get("table") or ""), ids or ())


def _press(run: str, table: str, listed: Sequence[object]) -> Press:
    try:
        run = str(uuid.UUID(run))
        ids = tuple(str(uuid.UUID(str(text))) for text in listed)
    except (ValueError, TypeError) as error:
        raise BadPress(_BAD_IDS) from error
    if not _NAME.fullmatch(table) or len(ids) > MOST_IDS:
        raise BadPress(f"Table is required, and at most {MOST_IDS} ids are taken at once")
    return Press(run, table, ids or None)


def receive_press(notes: Notes, press: Press) -> None:
    """Note the wish and mark its run key. The same press twice is one run."""
    value = {"table": press.table, "ids": press.ids}
    notes.ledger.put_if(f"press/{press.run}", value, 0)
    notes.marks.mark([Key(KeyKind.RUN, press.table, press.run)])


def run_presses(context: Context, group: Sequence[Message]) -> None:
    """The handler of run keys."""
    for message in group:
        run_press(context, message)


def run_press(context: Context, message: Message) -> None:
    """Do what a press asked for, and report in its gs_run row; a press for all records starts a
    run of the same id, which reports by itself."""
    wish = context.ledger.get(f"press/{message.key.id}").value
    ids = wish.get("ids")
    press = Press(message.key.id, message.key.table, None if ids is None else tuple(ids))
    try:
        if not context.rulebook.by_table(press.table):
            await_rules(context, message.key, press.table)
            raise PermanentError(f"{NO_RULES} {press.table}")
        if ids is None:
            _recompute_all(context, press)
            context.marks.release([(message.key, "")])
            return
        done = _recompute_some(context, press, again=message.attempt > 1)
    except PermanentError as error:
        told = {"gs_name": _name_of(press), "gs_table": press.table, "gs_message": str(error)}
        _report(context, press, Tally(), told | _ended(context, "failed"))
    else:
        _report(context, press, done, _ended(context, "done"))
    context.marks.release([(message.key, "")])


def _name_of(press: Press) -> str:
    return f"{MESSAGE} {press.table}"


def _ended(context: Context, state: str) -> dict[str, Value]:
    return {"gs_state": STATES[state], "gs_finishedon": context.now()}


def _recompute_all(context: Context, press: Press) -> None:
    models = tuple(model.model.id for model in context.rulebook.by_table(press.table))
    start_run(context, Order(MESSAGE, models, row=True, id=press.run))


def _recompute_some(context: Context, press: Press, again: bool) -> Tally:
    ids, tally = press.ids or (), Tally()
    models = context.rulebook.by_table(press.table)
    _start(context, press, len(ids))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        reports = recompute_each(context, models, Scope(press.table, chunk))
        if not reports:
            why = f"no rule of {press.table} may read what it needs"
            raise PermanentError(f"{why}; see gradesys parked list")
        follow_up(context, press.table, reports, chunk if again else ())
        for report in reports:
            tally = total(tally, _counted(report))
        tally = total(tally, Tally(read=max(len(report.results) for report in reports)))
        if start + CHUNK < len(ids):
            _report(context, press, tally, {"gs_state": STATES["running"]})
    return tally


def _counted(report: Report) -> Tally:
    refused = sum(outcome.fate is Fate.REFUSED for outcome in report.outcomes.values())
    return Tally(written=sum(1 for _ in report.written()), failed=refused)


def _start(context: Context, press: Press, count: int) -> None:
    values: dict[str, Value] = {
        "gs_name": _name_of(press),
        "gs_table": press.table,
        "gs_state": STATES["running"],
        "gs_startedon": context.now(),
        "gs_total": Decimal(count),
    }
    put_rows(context.store, [press.run], values)


def _report(context: Context, press: Press, tally: Tally, values: Mapping[str, Value]) -> None:
    told = counts(tally.read, tally.written, tally.failed)
    put_rows(context.store, [press.run], {**told, **values})
