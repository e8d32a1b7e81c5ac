"""Which rules are in force: a record in the ledger, so that no old instance has the last word.

Instances with other rules than the active ones ask themselves whether they are the newer ones: an
edit seen while running is, and so are rules that were never active, or whose files were written
after the active ones came into force. Everybody else gives keys back until somebody activates
their rules.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from gradesys.errors import StoreError, TemporaryError
from gradesys.marks.protocols import Ledger

ACTIVE = "rules/active"
HISTORY = "rules/history/"
GIVEN_BACK_S = 2.0
"""When a key that an old instance gives back is due again."""
LOOK_S = 1.0
"""How often an idle instance looks whether its rules are still the active ones."""
TRIES = 10
REMEDY = "gradesys activate puts the rules of its folder in force"
Newer = Callable[[Mapping[str, Any]], bool]
"""Asked of the active record, empty where there is none: whether to replace it."""


class Ruleset(Struct, frozen=True):
    """Compiled rules as a process has them: a digest of each model by its id, and the time of the
    youngest file, in seconds."""

    models: Mapping[str, str]
    stamp: float

    @property
    def hash(self) -> str:
        """12 hex digits, equal for equal rules."""
        text = json.dumps(sorted(self.models.items()))
        import hashlib  # OpenSSL: only where something is digested

        return hashlib.sha256(text.encode()).hexdigest()[:12]


class Activation(Struct, frozen=True):
    """A set of rules that was put in force; ``changed``: the models that it changed."""

    seq: int
    hash: str
    at: datetime
    changed: tuple[str, ...]


def history(ledger: Ledger) -> list[Activation]:
    """Every activation, the oldest first; the last one is in force."""
    found = {int(value["seq"]): value for value in ledger.list(HISTORY).values()}
    active = ledger.get(ACTIVE).value
    if active:
        found[int(active["seq"])] = active
    return [
        Activation(seq, value["hash"], _moment(value["at"]), tuple(value["changed"]))
        for seq, value in sorted(found.items())
    ]


def activate(ledger: Ledger, rules: Ruleset, at: float, newer: Newer = lambda active: True) -> bool:
    """Put rules in force at ``at`` (seconds), if they are not and ``newer`` says so; whether they
    are then. Raises StoreError."""
    for _ in range(TRIES):
        entry = ledger.get(ACTIVE)
        same = entry.value.get("hash") == rules.hash
        if same and entry.value["stamp"] >= rules.stamp:
            return True
        if not same and not newer(entry.value):
            return False
        value = {**entry.value, "stamp": rules.stamp} if same else _next(entry.value, rules, at)
        if entry.version:
            _remember(ledger, entry.value)
        if ledger.put_if(ACTIVE, value, entry.version):
            _remember(ledger, value)
            return True
    raise StoreError("several processes put rules in force at the same time")


def _next(active: Mapping[str, Any], rules: Ruleset, at: float) -> dict[str, Any]:
    before, after = dict(active.get("models", {})), dict(rules.models)
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return {
        "hash": rules.hash,
        "seq": active.get("seq", 0) + 1,
        "at": at,
        # Not only the files': rules that an edit brought back may have older files than others.
        "stamp": max(rules.stamp, at),
        "models": after,
        "changed": changed,
    }


def _remember(ledger: Ledger, value: Mapping[str, Any]) -> None:
    """Whoever replaces a record sees to it that it is in the history, whatever was killed."""
    ledger.put_if(f"{HISTORY}{value['seq']:08d}", value, 0)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class Standing:
    """How the rules of one process stand to the active ones. ``edited``: they were seen to change
    while it ran. Nothing is decided before the first question. ``clock`` is in seconds."""

    def __init__(
        self, ledger: Ledger, rules: Ruleset, clock: Callable[[], float], edited: bool
    ) -> None:
        self.rules = rules
        self._ledger = ledger
        self._clock = clock
        self._edited = edited
        self._decided = False
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._trouble = ""

    def require(self) -> None:
        """Raise TemporaryError unless these rules are the active ones, now."""
        self._decide()
        if trouble := self.trouble():
            raise TemporaryError(f"{trouble}; {REMEDY}", retry_after=GIVEN_BACK_S)

    def works(self) -> bool:
        """Whether these rules were the active ones within LOOK_S."""
        if not 0 <= self._clock() - self._looked < LOOK_S:
            self._decide()
            self.trouble()
        return not self._trouble

    def trouble(self) -> str:
        """Why these rules are not in force; empty where they are, or it is not decided."""
        if self._decided:
            active = self._ledger.get(ACTIVE).value
            self._looked = self._clock()
            self._decided = bool(active)  # a ledger that was lost knows of nothing newer
            known = active.get("hash", self.rules.hash)
            self._trouble = "" if known == self.rules.hash else self._told(active)
        return self._trouble

    def _decide(self) -> None:
        with self._lock:
            if not self._decided:
                activate(self._ledger, self.rules, self._clock(), self._newer)
                self._decided = True

    def _newer(self, active: Mapping[str, Any]) -> bool:
        if self._edited or not active or self.rules.stamp > active["stamp"]:
            return True
        known = {value["hash"] for value in self._ledger.list(HISTORY).values()}
        return self.rules.hash not in known

    def _told(self, active: Mapping[str, Any]) -> str:
        since = _moment(active["at"]).isoformat(timespec="seconds")
        return (
            f"newer rules ({active['hash']}) are in force since {since}: with its own "
            f"({self.rules.hash}) this instance accepts events and scores nothing"
        )
