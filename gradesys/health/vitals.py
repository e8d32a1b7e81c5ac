"""Looking at the running service: what health.py judges, gathered from marks, ledger and process.

Nothing here asks Dataverse, so the health page answers while Dataverse does not. What only asking
can tell is asked once a minute by ``look``, and remembered in the ledger for every process.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from gradesys.app import App
from gradesys.catchup.drift import Drift, last_drift
from gradesys.catchup.tracked import ROUNDS
from gradesys.engine import Context
from gradesys.errors import (
    DataverseError,
    GradesysError,
    SettingsError,
    TemporaryError,
)
from gradesys.health.diagnosis import reasons
from gradesys.health.words import Color, Reason, Round, Vitals, color_of, trouble
from gradesys.marks.protocols import Parked
from gradesys.remedies import is_forbidden, is_missing, privilege_of

PLACE = "connection"
CODE = re.compile(r"\bAADSTS\d+|\b0x[0-9a-f]{8}\b|\b40[13]\b")


class Health(Struct, frozen=True):
    """``accepting``: rules are loaded, and an event that came now would be kept."""

    reasons: tuple[Reason, ...]
    accepting: bool
    numbers: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)

    @property
    def color(self) -> Color:
        """The worst reason's."""
        return color_of(self.reasons)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {"status": self.color, "reasons": [asdict(each) for each in self.reasons]}


def examine(app: App) -> Health:
    """Look at everything; what keeps us from looking is a reason by itself."""
    try:
        vitals = _vitals(app, app.context())
    except GradesysError as error:
        return Health((trouble(error),), accepting=False)
    return Health(reasons(vitals), True, _numbers(app, vitals), _levels(vitals))


def look(app: App) -> None:
    """Ask Dataverse once, and remember whether it lets us in. Raises StoreError, and what keeps us
    from loading the rules: that is told by ``examine``."""
    client, found = app.client(), {"refusal": "", "silence": ""}
    try:
        client.ping()
    except SettingsError as error:
        found["refusal"] = _code(str(error))
    except TemporaryError as error:
        found["silence"] = str(error.answer.status or "no answer")
    except (DataverseError, OSError) as error:
        found["silence"] = type(error).__name__
    entry = app.ledger.get(PLACE)
    if dict(entry.value) != found:
        app.ledger.put_if(PLACE, found, entry.version)


def _vitals(app: App, context: Context) -> Vitals:
    stats, known = context.marks.stats(), context.ledger.get(PLACE).value
    finished = dict(_finished(context))
    parked = context.marks.parked() if stats.parked else []
    return Vitals(
        stats=stats,
        now=context.now(),
        models=tuple(model.model.id for model in context.rulebook.models),
        problems=app.problems(),
        superseded=context.standing.trouble() if context.standing else "",
        privileges=_privileges(parked),
        incomplete=tuple(sorted({item.part for item in parked if is_missing(item.reason)} - {""})),
        refusal=_code(app.client().sign_in.refusal) or known.get("refusal", ""),
        silence=known.get("silence", ""),
        resynced={name: at for name, (at, _) in finished.items()},
        drift={name: share for name, (_, share) in finished.items()},
        counts=app.metrics.counts(),
        paused=str(app.paused() or ""),
        steps=_steps(last_drift(context.ledger)),
        rounds=_round(context.ledger.get(ROUNDS).value),
    )


def _steps(drift: Drift) -> Reason | None:
    color = Color(drift.color)
    return None if color is Color.GREEN else Reason(color, "steps", drift.text, drift.fix)


def _round(value: Mapping[str, Any]) -> Round | None:
    if not value:
        return None
    at = datetime.fromisoformat(value["at"])
    return Round(at, tuple(value["lost"]), tuple(value["refused"]))


def _finished(context: Context) -> Iterator[tuple[str, tuple[datetime, float]]]:
    """By model: when its last resync read, and the share of it that nothing explained."""
    for model in context.rulebook.models:
        value = context.ledger.get(f"finished/{model.model.id}").value
        if "at" in value:
            at = datetime.fromisoformat(value["at"])
            yield model.model.id, (at, float(value.get("drift", 0.0)))


def _privileges(parked: Collection[Parked]) -> tuple[str, ...]:
    """The privileges that are missing, or the models that miss one nobody names."""
    forbidden = [item for item in parked if is_forbidden(item.reason)]
    return tuple(sorted({privilege_of(item.reason) or item.part for item in forbidden}))


def _code(refusal: str) -> str:
    """What a refusal is called, without the words around it: they name the application."""
    if not refusal:
        return ""
    found = CODE.search(refusal)
    return found.group() if found else "no code given"


def measure(app: App, found: Health) -> None:
    """Show what waits, and how exact the last resync found it, as levels of the metrics."""
    for name, value in found.levels.items():
        app.metrics.level(name, value)


def _levels(vitals: Vitals) -> dict[str, float]:
    stats, drift = vitals.stats, max(vitals.drift.values(), default=0.0)
    return {
        "dirty": stats.dirty,
        "oldest": stats.oldest_s,
        "parked": stats.parked,
        "drift": drift,
    }


def _numbers(app: App, vitals: Vitals) -> dict[str, Any]:
    return {
        "dirty": vitals.stats.dirty,
        "oldest_s": vitals.stats.oldest_s,
        "parked": vitals.stats.parked,
        "models": list(vitals.models),
        "problems": dict(vitals.problems),
        "counts": app.metrics.counts(),
        "times": app.metrics.times(),
        "keys": app.keys.uses(),
    } | ({"paused": vitals.paused} if vitals.paused else {})
