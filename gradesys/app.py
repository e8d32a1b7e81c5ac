"""The composition root: settings become a rulebook, a store, marks and a ledger that work together.

Everything that needs Dataverse is loaded when first asked for and again when it has changed (an
edited rule file, a column that was missing), so the service starts before the org answers and an
edit needs no restart. A broken edit leaves the last good rules in force, visibly.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from gradesys.backlog import claim_some, grouped
from gradesys.button import run_presses
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import MetadataCache
from gradesys.engine import Context
from gradesys.errors import GradesysError, RuleError, TemporaryError
from gradesys.live import HANDLERS, handle
from gradesys.org import Org, connect, open_client
from gradesys.records import Key, KeyKind
from gradesys.rules.rulebook import Rulebook
from gradesys.settings import Settings, require_org
from gradesys.work import open_work

LOG = logging.getLogger(__name__)
LOOK_AGAIN_S = 1.0
"""How often the rule folder is looked at."""
ASK_AGAIN_S = 10.0
"""How often metadata is asked for again while a model misses something."""

FIRST_LOAD_S = 2.0
"""How long an event waits for rules and metadata that another thread is loading."""

ALL_HANDLERS = {**HANDLERS, KeyKind.RUN: run_presses}


@dataclass(frozen=True, slots=True)
class _Loaded:
    context: Context
    organization: str
    signature: tuple[tuple[str, int, int], ...]
    at: float
    """When reading it began."""


def _not_yet() -> NoReturn:
    raise TemporaryError("Dataverse has not answered yet")


class App:
    """The running service: one per process, shared by its threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        work = open_work(settings)
        self.marks, self.ledger = work.marks, work.ledger
        self._doorbell = threading.Event()
        self._lock = threading.Lock()
        self._curious = threading.Lock()
        self._loaded: _Loaded | None = None
        self._looked = 0.0
        self._broken = ""
        self._counters: Counter[str] = Counter()
        self._client: Client | None = None
        self._metadata: MetadataCache | None = None

    def now(self) -> datetime:
        """The clock of scores: the machine's, unless settings pin it."""
        return self.settings.now or datetime.now(UTC)

    def context(self) -> Context:
        """Everything a run works with. Raises what loading raised when nothing is loaded yet."""
        return self._current().context

    def context_for(self, table: str) -> Context:
        """The context for an event of this table, which somebody wanted us to have.

        Where no rule in force reads the table and a model is left out, deploy may just have made
        what that model missed: look again, at most once in LOOK_AGAIN_S, before it is dismissed.
        """
        arrived, book = time.monotonic(), self.rulebook()
        if not book.problems or table in book.watches:
            return self.context()
        with self._curious:
            loaded = self._current()
            if loaded.at < arrived:
                time.sleep(max(0.0, loaded.at + LOOK_AGAIN_S - time.monotonic()))
                with self._lock:
                    self._loaded = self._reload(loaded)
        return self.context()

    def organization(self) -> str:
        """The id of the organisation that the settings name."""
        return self._current().organization

    def _current(self) -> _Loaded:
        loaded, now = self._loaded, time.monotonic()
        if loaded is not None and now - self._looked < LOOK_AGAIN_S:
            return loaded
        # Whoever loads may have to wait long for Dataverse; nobody else waits with it for long.
        if not self._lock.acquire(timeout=FIRST_LOAD_S if loaded is None else 0):
            return loaded or _not_yet()
        try:
            if self._loaded is None or self._outdated(self._loaded, now):
                self._loaded = self._reload(self._loaded)
            self._looked = time.monotonic()
            return self._loaded
        finally:
            self._lock.release()

    def _outdated(self, loaded: _Loaded, now: float) -> bool:
        incomplete = bool(loaded.context.rulebook.problems) and now - loaded.at > ASK_AGAIN_S
        return incomplete or loaded.signature != self._signature()

    def _signature(self) -> tuple[tuple[str, int, int], ...]:
        """What the rule files look like from outside: an edit changes it."""
        files = sorted(self.settings.rules.rglob("*.y*ml"))
        files += [self.settings.params] if self.settings.params else []
        stats = ((str(path), path.stat()) for path in files if path.exists())
        return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)

    def _reload(self, before: _Loaded | None) -> _Loaded:
        began, signature = time.monotonic(), self._signature()
        try:
            org = self._connect(before)
            context = Context(org.rulebook, org.store, self.marks, self.ledger, self.now)
            self._broken = ""
            return _Loaded(context, org.store.organization_id(), signature, began)
        except GradesysError as error:
            if before is None:
                raise
            LOG.error("the rules in force stay as they were: %s", error)
            self._broken = str(error) if isinstance(error, RuleError) else type(error).__name__
            return _Loaded(before.context, before.organization, signature, began)

    def _connect(self, before: _Loaded | None) -> Org:
        """Read the rules, and what metadata is not known yet or may have changed."""
        if self._client is None or self._metadata is None:
            self._client = open_client(require_org(self.settings))
            self._metadata = MetadataCache(self._client)
        if before is not None and before.context.rulebook.problems:
            self._metadata.drop()
        return connect(self.settings, self._client, self._metadata)

    def rulebook(self) -> Rulebook:
        """The compiled rules in force."""
        return self.context().rulebook

    def problems(self) -> Mapping[str, str]:
        """What keeps models, or an edited rule folder, from being used."""
        found = {
            model: "; ".join(str(problem) for problem in problems)
            for model, problems in self.rulebook().problems.items()
        }
        return found | ({"rules": self._broken} if self._broken else {})

    def work_once(self, keys: frozenset[Key] | None = None) -> int:
        """Claim and handle one due key (of ``keys``, when given), or many when many are; 0 when
        none is due."""
        context = self.context()
        claimed = claim_some(self.marks, keys)
        try:
            for group in grouped(claimed):
                handle(context, group, ALL_HANDLERS)
        finally:
            self.marks.abandon(claimed)
        return len(claimed)

    def ring(self) -> None:
        """Wake a waiting worker."""
        self._doorbell.set()

    def wait(self, longest_s: float) -> None:
        """Wait for the bell, at most so long."""
        if self._doorbell.wait(longest_s):
            self._doorbell.clear()

    def count(self, name: str) -> None:
        """Count an occurrence for the health page."""
        with self._lock:
            self._counters[name] += 1

    def counters(self) -> Mapping[str, int]:
        """What was counted since the process started."""
        with self._lock:
            return dict(self._counters)
