"""The words of the health page: colours, reasons, and what was looked at.

Red means that scores will not be right by themselves; yellow that somebody should look.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from gradesys.errors import (
    GradesysError,
    RuleError,
    SettingsError,
    SignInRefused,
    StoreError,
    TemporaryError,
)
from gradesys.marks.protocols import Stats


class Color(StrEnum):
    """Green: nothing to do."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Reason(Struct, frozen=True):
    """Why it is not green. ``code`` stays the same for ever; ``text`` and ``fix`` are for people,
    and hold no names of records, no amounts and no secrets."""

    color: Color
    code: str
    text: str
    fix: str


class Round(Struct, frozen=True):
    """The last quarter-hour round: when, the tables whose changes were lost, and what it was not
    allowed to look at."""

    at: datetime
    lost: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


class Vitals(Struct, frozen=True):
    """What was looked at. ``superseded``: by which rules ours are; ``refusal``: why nobody lets us
    in; ``silence``: why Dataverse does not answer; ``privileges``: what records are parked for;
    ``incomplete``: models whose tables or columns went away;
    ``resynced``: by model, when its last resync read, ``drift``: what share of it nothing
    explained; ``steps``: what is wrong with the registered steps."""

    stats: Stats
    now: datetime
    models: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    superseded: str = ""
    privileges: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    refusal: str = ""
    silence: str = ""
    resynced: Mapping[str, datetime] = field(default_factory=dict)
    drift: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    paused: str = ""
    steps: Reason | None = None
    rounds: Round | None = None


def color_of(found: tuple[Reason, ...]) -> Color:
    """The worst of some reasons."""
    colors = {reason.color for reason in found}
    return next((color for color in (Color.RED, Color.YELLOW) if color in colors), Color.GREEN)


def trouble(error: GradesysError) -> Reason:
    """Why nothing could be looked at."""
    kind = next(kind for kind in TROUBLES if isinstance(error, kind))
    return Reason(Color.RED, *TROUBLES[kind])


TROUBLES: Mapping[type[GradesysError], tuple[str, str, str]] = {
    StoreError: (
        "marks",
        "the store of marks cannot be used: events are refused, Dataverse repeats each once",
        "gradesys doctor says why; when it works again, what was lost is found by the catch-up",
    ),
    SignInRefused: (
        "sign_in",
        "Dataverse's sign-in is refused and nothing is loaded yet",
        "gradesys doctor names the setting that is wrong or has expired",
    ),
    SettingsError: (
        "settings",
        "the settings cannot be used, or a certificate is not trusted",
        "gradesys doctor names the setting",
    ),
    RuleError: (
        "rules",
        "the rule files cannot be used, and no others are in force",
        "gradesys validate names file, line and column",
    ),
    TemporaryError: (
        "dataverse",
        "Dataverse has not answered since the service started",
        "look at the address, the network and Microsoft's service health",
    ),
    GradesysError: ("start", "the service could not start", "gradesys doctor"),
}
