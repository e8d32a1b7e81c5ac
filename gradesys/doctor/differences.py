"""A deploy plan as a verdict: which differences keep scores from being right."""

from __future__ import annotations

from collections.abc import Iterable

from gradesys.deploy.actions import Action, ActionKind, pending
from gradesys.doctor.verdicts import Verdict, ok, problem, warning

COLUMNS_MATTER = frozenset({ActionKind.CREATE, ActionKind.REFUSE})
"""A column's texts and precision may wait; the column itself may not."""
ONLY_OBSTACLES = frozenset({ActionKind.REFUSE})
MOST_TOLD = 8


def judge(actions: Iterable[Action], matter: frozenset[ActionKind], fine: str) -> Verdict:
    """``fine`` where nothing differs, a problem where what differs is of a kind in ``matter``."""
    found = pending(actions)
    if not found:
        return ok(fine)
    stuck = any(action.kind is ActionKind.REFUSE for action in found)
    hint = (
        "put right what stands in the way; gradesys deploy plan shows it all"
        if stuck
        else "look at: gradesys deploy plan, then run: gradesys deploy apply"
    )
    serious = any(action.kind in matter for action in found)
    return (problem if serious else warning)(_told(found), hint)


def _told(actions: tuple[Action, ...]) -> str:
    told = "; ".join(str(action) for action in actions[:MOST_TOLD])
    more = len(actions) - MOST_TOLD
    return f"{told}; and {more} more" if more > 0 else told
