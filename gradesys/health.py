"""How well the service does: each reason that it is not green, in words, with what to do.

Pure: what was looked at comes in as Vitals, so every rule here is a row of a table that a test can
try. Red means that scores will not be right by themselves; yellow that somebody should look.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from gradesys.activation import REMEDY
from gradesys.errors import (
    GradesysError,
    RuleError,
    SettingsError,
    SignInRefused,
    StoreError,
    TemporaryError,
)
from gradesys.marks.protocols import Stats

OLD_S, VERY_OLD_S = 300.0, 900.0
RESYNC_DUE = timedelta(hours=26)
ROUND_DUE = timedelta(hours=1)
NOTABLE_DRIFT = 0.001
"""The share of records that a resync found wrong and could not explain."""
MOST_TOLD = 8


class Color(StrEnum):
    """Green: nothing to do."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it is not green. ``code`` stays the same for ever; ``text`` and ``fix`` are for people,
    and hold no names of records, no amounts and no secrets."""

    color: Color
    code: str
    text: str
    fix: str


@dataclass(frozen=True, slots=True)
class Round:
    """The last quarter-hour round: when, the tables whose changes were lost, and what it was not
    allowed to look at."""

    at: datetime
    lost: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was looked at. ``superseded``: by which rules ours are; ``refusal``: why nobody lets us
    in; ``silence``: why Dataverse does not answer; ``privileges``: what records are parked for;
    ``resynced``: by model, when its last resync read, ``drift``: what share of it nothing
    explained; ``steps``: what is wrong with the registered steps."""

    stats: Stats
    now: datetime
    models: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    superseded: str = ""
    privileges: tuple[str, ...] = ()
    refusal: str = ""
    silence: str = ""
    resynced: Mapping[str, datetime] = field(default_factory=dict)
    drift: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    paused: str = ""
    steps: Reason | None = None
    rounds: Round | None = None


Rule = Callable[[Vitals], Reason | None]


def reasons(vitals: Vitals) -> tuple[Reason, ...]:
    """Every reason, the worst first."""
    found = [reason for rule in RULES if (reason := rule(vitals)) is not None]
    return tuple(sorted(found, key=lambda reason: reason.color is not Color.RED))


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


def _oldest(vitals: Vitals) -> Reason | None:
    age = vitals.stats.oldest_s
    if age <= OLD_S or vitals.paused:
        return None
    color = Color.RED if age > VERY_OLD_S else Color.YELLOW
    text = f"{vitals.stats.dirty} keys wait, the oldest since {round(age / 60)} minutes"
    fix = "its log says what the service waits for; is a worker running, is Dataverse throttling?"
    return Reason(color, "backlog", text, fix)


def _sign_in(vitals: Vitals) -> Reason | None:
    if not vitals.refusal:
        return None
    text = f"sign-in is refused ({vitals.refusal}); events are kept and wait"
    fix = "renew the secret or certificate, or the application user's access; gradesys doctor"
    return Reason(Color.RED, "sign_in", text, fix)


def _silence(vitals: Vitals) -> Reason | None:
    if not vitals.silence:
        return None
    text = f"Dataverse does not answer ({vitals.silence}); events are kept and wait"
    return Reason(Color.YELLOW, "dataverse", text, "look at Microsoft's service health")


def _models(vitals: Vitals) -> Reason | None:
    if not vitals.problems:
        return None
    names = _told(tuple(vitals.problems))
    if not vitals.models:
        text = f"no rule is in force; left out: {names}"
        return Reason(Color.RED, "models", text, "gradesys validate --online says what is wrong")
    text = f"left out, or an edit not taken over: {names}"
    return Reason(Color.YELLOW, "models", text, "gradesys validate --online says what is wrong")


def _superseded(vitals: Vitals) -> Reason | None:
    if not vitals.superseded:
        return None
    return Reason(Color.YELLOW, "superseded", vitals.superseded, REMEDY)


def _parked(vitals: Vitals) -> Reason | None:
    if not vitals.stats.parked:
        return None
    text = f"{vitals.stats.parked} records could not be scored and keep an old grade"
    return Reason(Color.YELLOW, "parked", text, "gradesys parked list says why and what to do")


def _privileges(vitals: Vitals) -> Reason | None:
    if not vitals.privileges:
        return None
    text = f"rules rest because a privilege is missing: {_told(vitals.privileges)}"
    fix = "give it to the application user's role, then gradesys parked retry --all"
    return Reason(Color.YELLOW, "privilege", text, fix)


def _resync(vitals: Vitals) -> Reason | None:
    late = tuple(
        name for name, at in vitals.resynced.items() if vitals.now - at.astimezone() > RESYNC_DUE
    )
    if not late:
        return None
    text = f"the last resync is older than 26 hours: {_told(late)}"
    return Reason(Color.YELLOW, "resync", text, "gradesys resync, and look why the timer does not")


def _drift(vitals: Vitals) -> Reason | None:
    found = {name: share for name, share in vitals.drift.items() if share > NOTABLE_DRIFT}
    if not found:
        return None
    told = _told(tuple(f"{name} {share:.2%}" for name, share in found.items()))
    text = f"the last resync found records wrong that no event explains: {told}"
    fix = "events get lost: gradesys doctor looks at the steps"
    return Reason(Color.YELLOW, "drift", text, fix)


def _images(vitals: Vitals) -> Reason | None:
    count = vitals.counts.get("events_without_preimage", 0)
    if not count:
        return None
    text = f"{count} events since the start came without the row as it was before"
    fix = "gradesys deploy apply registers the images; the next resync repairs what they hid"
    return Reason(Color.YELLOW, "images", text, fix)


def _paused(vitals: Vitals) -> Reason | None:
    if not vitals.paused:
        return None
    return Reason(Color.YELLOW, "paused", vitals.paused, "gradesys resume, when the import is done")


def _steps(vitals: Vitals) -> Reason | None:
    return vitals.steps


def _rounds(vitals: Vitals) -> Reason | None:
    last = vitals.rounds
    if last is None:
        return None
    if vitals.now - last.at > ROUND_DUE:
        text = "nobody has looked for lost events for more than an hour"
        return Reason(Color.YELLOW, "catchup", text, "look why the quarter-hour timer does not run")
    if last.lost:
        text = f"changes of {_told(last.lost)} were lost sight of; a resync was asked for"
        return Reason(Color.YELLOW, "catchup", text, "nothing, if the next resync ends well")
    if last.refused:
        text = f"lost events are looked for without: {_told(last.refused)}"
        return Reason(Color.YELLOW, "catchup", text, "gradesys catchup names the privilege")
    return None


def _told(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_TOLD
    return ", ".join(names[:MOST_TOLD]) + (f" and {more} more" if more > 0 else "")


RULES: tuple[Rule, ...] = (
    _sign_in,
    _oldest,
    _models,
    _superseded,
    _steps,
    _paused,
    _silence,
    _privileges,
    _parked,
    _drift,
    _resync,
    _rounds,
    _images,
)
