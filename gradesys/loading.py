"""Rules and metadata of the running service: loaded when first asked for, and again when changed.

The service starts before the org answers, an edited rule file or a column that was missing needs no
restart, and a broken edit leaves the last good rules in force, visibly.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NoReturn

from msgspec import Struct

from gradesys.activation import Ruleset, Standing
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import MetadataCache
from gradesys.engine import Context
from gradesys.errors import GradesysError, RuleError, TemporaryError
from gradesys.guarded import Guarded
from gradesys.metrics import Metrics
from gradesys.org import Org, connect, open_client
from gradesys.rules.rulebook import Rulebook
from gradesys.settings import Settings, require_org
from gradesys.work import Work

LOG = logging.getLogger(__name__)
LOOK_AGAIN_S = 1.0
"""How often the rule folder is looked at."""
ASK_AGAIN_S = 10.0
"""How often metadata is asked for again while a model misses something."""

FIRST_LOAD_S = 2.0
"""How long an event waits for rules and metadata that another thread is loading."""


Signature = tuple[tuple[str, int, int], ...]
"""Path, time in nanoseconds and size of each rule file."""


class Loaded(Struct, frozen=True):
    """What a run works with, and which organisation it belongs to."""

    context: Context
    organization: str
    signature: Signature
    at: float
    """When reading it began."""


def signature_of(settings: Settings) -> Signature:
    """What the rule files look like from outside: an edit changes it."""
    files = sorted(settings.rules.rglob("*.y*ml"))
    files += [settings.params] if settings.params else []
    stats = ((str(path), path.stat()) for path in files if path.exists())
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def stamp_of(signature: Signature) -> float:
    """When the youngest of the files was written, in seconds."""
    return max((time_ns for _, time_ns, _ in signature), default=0) / 1e9


def _not_yet() -> NoReturn:
    raise TemporaryError("Dataverse has not answered yet")


class Loader:
    """Loads for all threads of a process; one of them reads while the others go on with what is
    loaded."""

    def __init__(
        self, settings: Settings, work: Work, now: Callable[[], datetime], metrics: Metrics
    ) -> None:
        self._settings = settings
        self._work = work
        self._now = now
        self._metrics = metrics
        self._lock = threading.Lock()
        self._aside = threading.Lock()
        self._loaded: Loaded | None = None
        self._looked = 0.0
        self._broken = ""
        self._client: Client | None = None
        self._metadata: MetadataCache | None = None

    def current(self) -> Loaded:
        """What is loaded, as fresh as LOOK_AGAIN_S allows. Raises what loading raised when nothing
        is loaded yet."""
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

    def at_hand(self) -> Loaded | None:
        """What is loaded, without waiting for anybody; when it is time to look again, a thread of
        its own does."""
        due = self._loaded is None or time.monotonic() - self._looked >= LOOK_AGAIN_S
        if due and self._aside.acquire(blocking=False):
            threading.Thread(target=self._look_aside, daemon=True).start()
        return self._loaded

    def _look_aside(self) -> None:
        try:
            self.current()
        except GradesysError as error:
            LOG.warning("rules and metadata are not loaded: %s", type(error).__name__)
        finally:
            self._aside.release()

    def client(self) -> Client:
        """The connection to the organisation. Raises like ``current``."""
        self.current()
        return self._client or _not_yet()

    def problems(self, rulebook: Rulebook) -> Mapping[str, str]:
        """What keeps models, or an edited rule folder, from being used."""
        found = {
            model: "; ".join(str(problem) for problem in problems)
            for model, problems in rulebook.problems.items()
        }
        return found | ({"rules": self._broken} if self._broken else {})

    def _outdated(self, loaded: Loaded, now: float) -> bool:
        incomplete = bool(loaded.context.rulebook.problems) and now - loaded.at > ASK_AGAIN_S
        return incomplete or loaded.signature != signature_of(self._settings)

    def _reload(self, before: Loaded | None) -> Loaded:
        began, signature = time.monotonic(), signature_of(self._settings)
        since = self._work.marks.clock()
        try:
            org = self._connect(before)
            work = self._work
            store = Guarded(org.store, work.ledger, work.marks, org.rulebook, self._metrics)
            standing = self._standing(before, org.rulebook, signature)
            stores = store, work.marks, work.ledger
            context = Context(org.rulebook, *stores, self._now, self._metrics, since, standing)
            self._broken = ""
            return Loaded(context, org.store.organization_id(), signature, began)
        except GradesysError as error:
            if before is None:
                raise
            LOG.error("the rules in force stay as they were: %s", error)
            self._broken = str(error) if isinstance(error, RuleError) else type(error).__name__
            return Loaded(before.context, before.organization, signature, began)

    def _standing(self, before: Loaded | None, book: Rulebook, signature: Signature) -> Standing:
        """The same as before, unless a rule or a file has changed."""
        rules = Ruleset(book.digests, stamp_of(signature))
        known = before.context.standing if before is not None else None
        if known is not None and known.rules == rules:
            return known
        edited = known is not None and known.rules.hash != rules.hash
        return Standing(self._work.ledger, rules, self._work.marks.clock, edited)

    def _connect(self, before: Loaded | None) -> Org:
        """Read the rules, and what metadata is not known yet or may have changed."""
        if self._client is None or self._metadata is None:
            settings, budget = require_org(self._settings), self._work.budget(self._settings)
            self._client = open_client(settings, self._metrics.count, budget)
            self._metadata = MetadataCache(self._client)
        if before is not None and before.context.rulebook.problems:
            self._metadata.drop()
        return connect(self._settings, self._client, self._metadata)
