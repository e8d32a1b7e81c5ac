"""The quarter-hour round: changes that no event told, posts that failed, steps that drifted.

What one part may not do keeps the others from nothing; what keeps us from Dataverse ends the round,
and the next one goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from gradesys.app import App
from gradesys.budget.lane import in_background
from gradesys.catchup.drift import Drift, watch_drift
from gradesys.catchup.failedjobs import Failures, mark_failed
from gradesys.catchup.tracked import ROUNDS, Caught, State, catch_up
from gradesys.dataverse.deltas import Deltas
from gradesys.dataverse.jobs import Jobs
from gradesys.deploy.names import step_id
from gradesys.engine import Context
from gradesys.errors import PermanentError
from gradesys.rules.subscriptions import steps


class Round(Struct):
    """What was found, by table; ``refused``: the parts that could not be done, and why."""

    tables: dict[str, Caught] = field(default_factory=dict)
    failures: Failures = field(default_factory=Failures)
    drift: Drift = field(default_factory=Drift)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def marked(self) -> int:
        """Keys that were marked."""
        return self.failures.marked + sum(caught.marked for caught in self.tables.values())

    @property
    def lost(self) -> list[str]:
        """The tables whose changes were lost sight of."""
        return [name for name, caught in self.tables.items() if caught.state is State.LOST]


def go_round(app: App) -> Round:
    """Do all parts. Raises TemporaryError, SettingsError or StoreError for what ends the round."""
    found, context = Round(), app.context()
    context.require_in_force()
    parts: Mapping[str, Callable[[], None]] = {
        "change tracking": lambda: _changes(app, context, found),
        "failed system jobs": lambda: _failures(app, context, found),
        "registered steps": lambda: _drift(app, context, found),
    }
    for name, part in parts.items():
        try:
            with in_background():
                part()
        except PermanentError as error:
            found.refused[name] = str(error)
    if found.marked:
        app.ring()
    _note(context, found)
    return found


def _changes(app: App, context: Context, found: Round) -> None:
    deltas = Deltas(app.client(), context.rulebook.schema)
    found.tables.update(catch_up(context, deltas))


def _failures(app: App, context: Context, found: Round) -> None:
    ours = {step_id(step): step for step in steps(context.rulebook)}
    known = State.FOLLOWED, State.LOST
    covered = {name for name, caught in found.tables.items() if caught.state in known}
    found.failures = mark_failed(context, Jobs(app.client()), ours, covered)


def _drift(app: App, context: Context, found: Round) -> None:
    keys, now = app.settings.webhook_keys, context.now()
    found.drift = watch_drift(context.rulebook, app.client(), keys, context.ledger, now)


def _note(context: Context, found: Round) -> None:
    """Keep the sums of the last round in the ledger."""
    value = {
        "at": context.now().isoformat(),
        "marked": found.marked,
        "unknown": sum(caught.unknown for caught in found.tables.values()),
        "lost": found.lost,
        "refused": list(found.refused),
    }
    context.ledger.put_if(ROUNDS, value, context.ledger.get(ROUNDS).version)
