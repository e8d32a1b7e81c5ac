"""The colour of the service and the words for it: a row a reason, and the page as it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from functions.health import health
from functions.trigger import Incoming
from gradesys.errors import (
    RuleError,
    SettingsError,
    SignInRefused,
    StoreError,
    TemporaryError,
)
from gradesys.health.diagnosis import reasons
from gradesys.health.vitals import PLACE, look
from gradesys.health.words import Color, Reason, Round, Vitals, color_of
from gradesys.marks.protocols import Stats
from tests.engine.world import small_org, target, work
from tests.functions.test_triggers import A1, MemoryApp, event_of, posted

NOW = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)
FINE = Vitals(Stats(0, 0.0, 0), NOW, models=("best",))
PRIVILEGE = "Dataverse answered 403 0x80040220: user Ann is missing prvReadInvoice privilege"


def waiting(age_s: float) -> dict[str, Any]:
    return {"stats": Stats(3, age_s, 0)}


def resynced(hours: float) -> dict[str, Any]:
    return {"resynced": {"best": NOW - timedelta(hours=hours)}}


@pytest.mark.parametrize(
    ("seen", "color", "code"),
    [
        ({}, "green", None),
        (waiting(300), "green", None),
        (waiting(301), "yellow", "backlog"),
        (waiting(900), "yellow", "backlog"),
        (waiting(901), "red", "backlog"),
        ({"refusal": "AADSTS7000222"}, "red", "sign_in"),
        ({"silence": "503"}, "yellow", "dataverse"),
        ({"problems": {"risk": "no column"}}, "yellow", "models"),
        ({"problems": {"best": "no column"}, "models": ()}, "red", "models"),
        ({"models": ()}, "green", None),
        ({"stats": Stats(0, 0.0, 2)}, "yellow", "parked"),
        ({"privileges": ("prvReadInvoice",)}, "yellow", "privilege"),
        ({"incomplete": ("risk",)}, "yellow", "columns"),
        (resynced(26), "green", None),
        (resynced(26.1), "yellow", "resync"),
        ({"drift": {"best": 0.001}}, "green", None),
        ({"drift": {"best": 0.0011}}, "yellow", "drift"),
        ({"counts": {"events_without_preimage": 1}}, "yellow", "images"),
        ({"counts": {"events": 9}}, "green", None),
        ({"paused": "paused since noon"}, "yellow", "paused"),
        ({"paused": "paused since noon", **waiting(9999)}, "yellow", "paused"),
        ({"steps": Reason(Color.RED, "steps", "deleted", "apply")}, "red", "steps"),
        ({"rounds": Round(NOW - timedelta(minutes=59))}, "green", None),
        ({"rounds": Round(NOW - timedelta(minutes=61))}, "yellow", "catchup"),
        ({"rounds": Round(NOW, lost=("invoice",))}, "yellow", "catchup"),
        ({"rounds": Round(NOW, refused=("change tracking",))}, "yellow", "catchup"),
    ],
)
def test_every_reason_has_a_colour_a_code_and_something_to_do(
    seen: dict[str, Any], color: str, code: str | None
) -> None:
    found = reasons(replace(FINE, **seen))
    assert color_of(found) == color
    assert [reason.code for reason in found] == ([code] if code else [])
    assert all(reason.text and reason.fix for reason in found)


def test_the_worst_comes_first() -> None:
    found = reasons(replace(FINE, stats=Stats(1, 901, 1), silence="503"))
    assert [reason.color for reason in found] == [Color.RED, Color.YELLOW, Color.YELLOW]


@pytest.fixture
def app(tmp_path: Path) -> MemoryApp:
    return MemoryApp(tmp_path, small_org())


def page(app: MemoryApp) -> tuple[int, str, list[str]]:
    """Status code, colour and codes."""
    reply = health(app, Incoming({}, b""))
    codes = [reason["code"] for reason in reply.body["reasons"]]
    return reply.status, reply.body["status"], codes


def test_a_new_service_is_green(app: MemoryApp) -> None:
    assert page(app) == (200, "green", [])


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (StoreError("locked"), "marks"),
        (SignInRefused("AADSTS7000222", 5), "sign_in"),
        (SettingsError("no url"), "settings"),
        (RuleError(()), "rules"),
        (TemporaryError("no answer"), "dataverse"),
    ],
)
def test_a_service_that_refuses_events_is_red_and_says_503(
    app: MemoryApp, trouble: Exception, code: str
) -> None:
    app.trouble = trouble
    assert page(app) == (503, "red", [code])


def test_fault_06_a_refused_sign_in_is_red_at_once_while_events_are_kept(app: MemoryApp) -> None:
    app.connection.sign_in.refused("the authority refused: AADSTS7000222: expired for app 4711")
    assert page(app) == (200, "red", ["sign_in"])
    (reason,) = health(app, Incoming({}, b"")).body["reasons"]
    assert "AADSTS7000222" in reason["text"]
    assert "4711" not in reason["text"]
    app.connection.sign_in.accepted()
    assert page(app)[1] == "green"


def test_events_are_kept_while_nobody_lets_us_in(tmp_path: Path) -> None:
    org = small_org()
    app = MemoryApp(tmp_path, org)

    def refused(call: str) -> None:
        raise SignInRefused("AADSTS7000222", 20)

    org.before = refused
    assert posted(app, event_of("invoice")).status == 202
    work(app.context(), rounds=1)
    assert (app.context().marks.parked(), org.calls) == ([], [])
    org.before = lambda call: None
    org.clock.forward(19)
    work(app.context(), rounds=1)
    assert org.calls == []
    org.clock.forward(1)
    work(app.context(), rounds=1)
    assert (app.context().marks.waiting([target(A1)]), org.calls) == (set(), ["read"])


def test_a_minutes_look_tells_every_process(app: MemoryApp, tmp_path: Path) -> None:
    look(app)
    other = MemoryApp(tmp_path, small_org())
    assert page(other) == (200, "yellow", ["dataverse"])
    entry = app.ledger.get(PLACE)
    look(app)
    assert app.ledger.get(PLACE).version == entry.version
    app.ledger.put_if(PLACE, {"refusal": "401", "silence": ""}, entry.version)
    assert page(other) == (200, "red", ["sign_in"])


def test_a_missing_privilege_is_named_and_nobody_else(app: MemoryApp) -> None:
    app.context().marks.park(target(), "best", PRIVILEGE)
    assert page(app) == (200, "yellow", ["privilege", "parked"])
    text = str(health(app, Incoming({}, b"")).body["reasons"])
    assert "prvReadInvoice" in text
    assert "Ann" not in text


def test_a_model_whose_column_went_away_is_named(app: MemoryApp) -> None:
    reason = "Dataverse answered 400 0x80060888: Could not find a property named 'totalamount'"
    app.context().marks.park(target(), "customers", reason)
    assert page(app) == (200, "yellow", ["columns", "parked"])
    assert "customers" in str(health(app, Incoming({}, b"")).body["reasons"])


def test_a_resync_of_long_ago_is_told_by_model(app: MemoryApp) -> None:
    value = {"day": "2026-06-13", "at": "2026-06-13T20:00:00+00:00", "drift": 0.5}
    app.ledger.put_if("finished/customers", value, 0)
    assert page(app) == (200, "yellow", ["drift", "resync"])


def test_fault_38_steps_that_an_administrator_switched_off_are_red(app: MemoryApp) -> None:
    drift = {"color": "red", "text": "step Update of invoice: statecode", "fix": "apply"}
    app.ledger.put_if("drift", drift | {"at": NOW.isoformat()}, 0)
    found = {"at": "2026-06-15T08:20:00+00:00", "lost": ["invoice"], "refused": []}
    app.ledger.put_if("catchup", found, 0)
    assert page(app) == (200, "red", ["steps", "catchup"])


def test_the_page_has_the_numbers_too(app: MemoryApp) -> None:
    app.metrics.count("events")
    body = health(app, Incoming({}, b"")).body
    assert (body["models"], body["counts"], body["dirty"]) == (
        ["customers", "orders"],
        {"events": 1},
        0,
    )
