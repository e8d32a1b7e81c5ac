"""Models that must be resynced although neither their day nor their rules have moved on.

Whoever lost sight of changes demands it. A demand is answered by the first resync that begins to
read after it, and by no other: what counts is which demand a run knew when it began, not a clock.
"""

from __future__ import annotations

from collections.abc import Iterable

from gradesys.errors import TemporaryError
from gradesys.marks.protocols import Ledger

TRIES = 5


def demand(ledger: Ledger, models: Iterable[str], why: str) -> None:
    """Have these models resynced; durable on return. Raises TemporaryError when others demand the
    same all the time."""
    for model in models:
        # A run may have answered already what came in between, so ours has to be stored too.
        if not any(_put(ledger, _name(model), why) for _ in range(TRIES)):
            raise TemporaryError(f"a resync of {model} could not be demanded")


def last_demand(ledger: Ledger, model: str) -> int:
    """The number of a model's last demand; 0 where there was none."""
    return ledger.get(_name(model)).version


def _put(ledger: Ledger, name: str, why: str) -> bool:
    return ledger.put_if(name, {"why": why}, ledger.get(name).version)


def _name(model: str) -> str:
    return f"demanded/{model}"
