"""Why the service is not green: a table of small rules over what was looked at.

Pure, so that a test can try every row. Texts are for people, and name no record and no amount.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from gradesys.activation import REMEDY
from gradesys.health.words import Color, Reason, Vitals

OLD_S, VERY_OLD_S = 300.0, 900.0
RESYNC_DUE = timedelta(hours=26)
ROUND_DUE = timedelta(hours=1)
NOTABLE_DRIFT = 0.001
"""The share of records that a resync found wrong and could not explain."""
MOST_TOLD = 8

Rule = Callable[[Vitals], Reason | None]


def reasons(vitals: Vitals) -> tuple[Reason, ...]:
    """Every reason, the worst first."""
    found = [reason for rule in RULES if (reason := rule(vitals)) is not None]
    return tuple(sorted(found, key=lambda reason: reason.color is not Color.RED))


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


def _incomplete(vitals: Vitals) -> Reason | None:
    if not vitals.incomplete:
        return None
    text = f"a table or column that these models read is gone: {_told(vitals.incomplete)}"
    fix = "gradesys validate --online names it; then gradesys parked retry --all"
    return Reason(Color.YELLOW, "columns", text, fix)


def _resync(vitals: Vitals) -> Reason | None:
    late = tuple(name for name, at in vitals.resynced.items() if vitals.now - at > RESYNC_DUE)
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
    _incomplete,
    _parked,
    _drift,
    _resync,
    _rounds,
    _images,
)
