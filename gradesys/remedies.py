"""Why a key was parked, and what to do about it: the words of the list and of the health page.

Reasons are stored as text, so they are told apart by what they say.
"""

from __future__ import annotations

import re

from msgspec import Struct

PRIVILEGE = re.compile(r"\bprv[A-Z]\w+")


class Remedy(Struct, frozen=True):
    """What a reason looks like, and what helps."""

    pattern: re.Pattern[str]
    todo: str


def _remedy(pattern: str, todo: str) -> Remedy:
    return Remedy(re.compile(pattern, re.IGNORECASE), todo)


FORBIDDEN = _remedy(
    r"\bprv[a-z]|\banswered 403\b|\bprivilege\b",
    "give the application user a role with this privilege, then retry",
)
MISSING = _remedy(
    r"could not find a property|doesn't contain attribute|does not exist|was not found in the"
    r" metadata|resource not found|undeclared property",
    "a table or column is gone or renamed: put it or the rule right, then retry",
)
REMEDIES = (
    FORBIDDEN,
    MISSING,
    _remedy(r"^internal error", "look into the service's log, report it, then retry"),
    _remedy(
        r"^another writer keeps setting",
        "take these columns out of the flow or plug-in that writes them, then retry",
    ),
    _remedy(
        r"^[45]\d\d ",
        "Dataverse refuses this row's change: save the row by hand to see why, then retry",
    ),
)
OTHERWISE = "put the record's values or the rule right, then retry"


def todo_of(reason: str) -> str:
    """What to do about a reason."""
    return next((each.todo for each in REMEDIES if each.pattern.search(reason)), OTHERWISE)


def is_forbidden(reason: str) -> bool:
    """Whether a missing privilege is the reason."""
    return FORBIDDEN.pattern.search(reason) is not None


def is_missing(reason: str) -> bool:
    """Whether a table or column that is gone is the reason."""
    return MISSING.pattern.search(reason) is not None


def privilege_of(reason: str) -> str:
    """The privilege that a reason names; empty where it names none."""
    found = PRIVILEGE.search(reason)
    return found.group() if found else ""
