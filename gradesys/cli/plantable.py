"""A deploy plan as people read it: a table of what happens to which thing, and the work ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradesys.deploy.actions import Action
    from gradesys.deploy.estimate import Estimate

HEAD = ("", "thing", "why")
WIDEST = 60


def plan_lines(actions: Sequence[Action]) -> Iterator[str]:
    """A line an action below a head, then how many there are of each kind."""
    rows = [(str(action.kind), action.what, action.why) for action in actions]
    width = min(max((len(what) for _, what, _ in rows), default=0), WIDEST)
    for kind, what, why in (HEAD, *rows):
        yield f"{kind:8} {what:{width}}  {why}".rstrip()
    kinds = Counter(str(action.kind) for action in actions)
    yield ", ".join(f"{count} {kind}" for kind, count in kinds.items())


def estimate_lines(found: Estimate) -> Iterator[str]:
    """What the first resync and each night will be."""
    models = ", ".join(f"{model} {rows:,}" for model, rows in found.scored.items())
    yield (
        f"first writes: at most {found.first_writes:,} records ({models}),"
        f" about {found.first_requests:,} requests"
    )
    yield f"each night: about {found.nightly:,} requests, besides those of the day's events"
