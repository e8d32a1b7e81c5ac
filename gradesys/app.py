"""The composition root: settings become rules, a store, marks and a ledger that work together."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

from gradesys.bearer import open_doorman
from gradesys.button import run_presses
from gradesys.dataverse.client import Client
from gradesys.engine import Context
from gradesys.health.alert import Hook, sender
from gradesys.keyring import KeyRing
from gradesys.live.backlog import claim_some, grouped
from gradesys.live.early import reconsider
from gradesys.live.handling import HANDLERS, handle
from gradesys.loading import Loader
from gradesys.marks.protocols import Ledger
from gradesys.metrics import Metrics
from gradesys.pause import Pause, read_pause
from gradesys.records import Key, KeyKind
from gradesys.resync import run_partitions
from gradesys.rules.rulebook import Rulebook
from gradesys.settings import Settings
from gradesys.telemetry import open_sink
from gradesys.work import open_work

ALL_HANDLERS = {
    **HANDLERS,
    KeyKind.RUN: run_presses,
    KeyKind.EVENT: reconsider,
    KeyKind.PARTITION: run_partitions,
}


def _hook(settings: Settings, ledger: Ledger) -> Hook | None:
    if not settings.alert_url:
        return None
    return Hook(ledger, settings.dataverse_url, sender(settings.alert_url))


class App:
    """The running service: one per process, shared by its threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        work = open_work(settings)
        self.marks, self.ledger = work.marks, work.ledger
        self.metrics = Metrics(open_sink(os.environ))
        self._loader = Loader(settings, work, self.now, self.metrics)
        self.hook = _hook(settings, work.ledger)
        self.keys = KeyRing(settings.webhook_keys, work.ledger)
        self.doorman = open_doorman(settings)
        self._doorbell = threading.BoundedSemaphore(1)
        self._started = time.monotonic()

    def now(self) -> datetime:
        """The clock of scores: the machine's, unless settings pin it."""
        return self.settings.now or datetime.now(UTC)

    @property
    def age_s(self) -> float:
        """Seconds since the process started."""
        return time.monotonic() - self._started

    def context(self) -> Context:
        """Everything a run works with. Raises what loading raised when nothing is loaded yet."""
        return self._loader.current().context

    def at_hand(self) -> Context | None:
        """What is loaded, without waiting for anybody; None while nothing is."""
        loaded = self._loader.at_hand()
        return loaded.context if loaded else None

    def organization(self) -> str:
        """The id of the organisation that the settings name; empty while it is not known."""
        loaded = self._loader.at_hand()
        return loaded.organization if loaded else ""

    def client(self) -> Client:
        """The connection to the organisation."""
        return self._loader.client()

    def rulebook(self) -> Rulebook:
        """The compiled rules in force."""
        return self.context().rulebook

    def problems(self) -> Mapping[str, str]:
        """What keeps models, or an edited rule folder, from being used."""
        return self._loader.problems(self.rulebook())

    def work_once(self, keys: frozenset[Key] | None = None) -> int:
        """Claim and handle one due key (of ``keys``, when given), or many when many are; 0 when
        none is due, and during a pause.

        With older rules than the active ones only a key that was named is claimed, to be given
        back: the message that named it would be lost.
        """
        if self.paused():
            return 0
        context = self.context()
        if keys is None and context.standing is not None and not context.standing.works():
            return 0
        claimed = claim_some(self.marks, keys)
        if claimed:
            self.ring()  # there may be more
        try:
            for group in grouped(claimed):
                handle(context, group, ALL_HANDLERS)
        finally:
            self.marks.abandon(claimed)
        return len(claimed)

    def paused(self) -> Pause | None:
        """The pause in force, if there is one."""
        return read_pause(self.ledger, self.marks.clock())

    def ring(self) -> None:
        """Wake one waiting worker; all of them would only stand in each other's way."""
        with suppress(ValueError):  # it rings already
            self._doorbell.release()

    def wait(self, longest_s: float) -> None:
        """Wait for the bell, at most so long."""
        self._doorbell.acquire(timeout=longest_s)
