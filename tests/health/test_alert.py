"""The alert hook: who is told what, how often, and that a broken hook breaks nothing."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from functions.watch import watch
from gradesys.errors import SettingsError, StoreError, TemporaryError
from gradesys.health.alert import Hook, sender
from gradesys.health.words import Color, Reason
from gradesys.marks.protocols import Entry
from gradesys.settings import read_settings
from tests.engine.world import small_org
from tests.functions.test_triggers import MemoryApp
from tests.health.listening import listening
from tests.marks.faulty import Fault, FaultyLedger, Memory

NOW = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)
ORG = "https://contoso.crm4.dynamics.com"
RED = (Reason(Color.RED, "sign_in", "sign-in is refused", "renew the secret"),)
YELLOW = (Reason(Color.YELLOW, "parked", "2 records", "gradesys parked list"),)
FORBIDDEN = (Reason(Color.YELLOW, "privilege", "prvReadInvoice is missing", "give it"),)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Listener:
    """What was told; ``broken`` fails instead."""

    def __init__(self) -> None:
        self.heard: list[Mapping[str, Any]] = []
        self.broken = False

    def __call__(self, told: Mapping[str, Any]) -> None:
        if self.broken:
            raise requests.ConnectionError("https://hooks.example/s3cret")
        self.heard.append(told)

    @property
    def colors(self) -> list[str]:
        return [str(told["status"]) for told in self.heard]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def hook(memory: Memory, listener: Listener) -> Hook:
    return Hook(FaultyLedger(memory), ORG, listener)


def test_red_and_green_again_are_told_once_each(hook: Hook, listener: Listener) -> None:
    seen = [(), YELLOW, RED, RED, RED, YELLOW, YELLOW, ()]
    told = [hook.tell(found, NOW + number * MINUTE) for number, found in enumerate(seen)]
    assert told == [False, False, True, False, False, True, False, False]
    assert listener.colors == ["red", "green"]


@pytest.mark.parametrize("found", [RED, FORBIDDEN])
def test_what_lasts_is_told_once_a_day(
    hook: Hook, listener: Listener, found: tuple[Reason, ...]
) -> None:
    for minute in range(0, 3 * 24 * 60, 30):
        hook.tell(found, NOW + minute * MINUTE)
    assert listener.colors == [found[0].color] * 3


def test_of_two_instances_one_tells(memory: Memory, hook: Hook, listener: Listener) -> None:
    other = Hook(FaultyLedger(memory), ORG, listener)
    for each in (hook, other, hook, other):
        each.tell(RED, NOW)
    assert listener.colors == ["red"]


def test_of_two_that_begin_together_one_tells(memory: Memory, listener: Listener) -> None:
    class Slow(FaultyLedger):
        def get(self, name: str) -> Entry:
            entry = super().get(name)
            Hook(FaultyLedger(memory), ORG, listener).tell(RED, NOW)
            return entry

    assert not Hook(Slow(memory), ORG, listener).tell(RED, NOW)
    assert listener.colors == ["red"]


def test_what_could_not_be_told_is_told_a_minute_later(
    hook: Hook, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.broken = True
    with caplog.at_level(logging.DEBUG):
        assert not hook.tell(RED, NOW)
    assert "s3cret" not in caplog.text
    listener.broken = False
    assert not hook.tell(RED, NOW + timedelta(seconds=10))
    assert hook.tell(RED, NOW + MINUTE)


def test_red_is_told_once_also_when_nothing_can_be_remembered(
    memory: Memory, listener: Listener
) -> None:
    fault = Fault.ERROR_BEFORE
    hook = Hook(FaultyLedger(memory, lambda call: fault), ORG, listener)
    for number in range(3):
        hook.tell(RED, NOW + number * MINUTE)
    assert listener.colors == ["red"]
    fault = Fault.NONE
    hook.tell((), NOW + 4 * MINUTE)
    assert listener.colors == ["red", "green"]
    assert not hook.tell((), NOW + 5 * MINUTE)


def test_chats_can_show_it(hook: Hook, listener: Listener) -> None:
    hook.tell((*RED, *YELLOW), NOW)
    assert listener.heard == [
        {
            "status": "red",
            "reasons": [
                {
                    "color": "red",
                    "code": "sign_in",
                    "text": "sign-in is refused",
                    "fix": "renew the secret",
                },
                {
                    "color": "yellow",
                    "code": "parked",
                    "text": "2 records",
                    "fix": "gradesys parked list",
                },
            ],
            "url": ORG,
            "text": f"gradesys is red: {ORG}\nred: sign-in is refused; renew the secret\n"
            "yellow: 2 records; gradesys parked list",
        }
    ]


def test_the_minute_posts_to_a_real_server(tmp_path: Path) -> None:
    app = MemoryApp(tmp_path, small_org())
    with listening(202) as (url, posted):
        app.hook = Hook(app.ledger, ORG, sender(url))
        app.trouble = StoreError("locked")
        watch(app)
        app.trouble = None
        watch(app)
        watch(app)
    told = [json.loads(post.body) for post in posted]
    assert {post.kind for post in posted} == {"application/json"}
    assert [each["status"] for each in told] == ["red", "green"]
    assert told[0]["reasons"][0]["code"] == "marks"
    assert app.metrics.counts()["alerts"] == 2


def test_a_service_that_is_still_reading_its_rules_alarms_nobody(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = MemoryApp(tmp_path, small_org())
    app.hook = Hook(app.ledger, ORG, listener)
    app.trouble = TemporaryError("Dataverse has not answered yet")
    watch(app)
    assert listener.heard == []
    monkeypatch.setattr(MemoryApp, "age_s", 91.0)
    watch(app)
    assert listener.colors == ["red"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_anything_but_a_success_is_a_failure_and_no_redirect_is_followed(status: int) -> None:
    with listening(status) as (url, posted), pytest.raises(requests.HTTPError):
        sender(url)({"status": "red"})
    assert len(posted) == 1


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("", True),
        ("https://hooks.example/s3cret", True),
        ("http://127.0.0.1:9/hook", True),
        ("http://hooks.example/s3cret", False),
        ("https://", False),
        ("https://[bad/s3cret", False),
        ("s3cret", False),
    ],
)
def test_only_https_or_this_machine_is_told(url: str, fine: bool) -> None:
    if fine:
        settings = read_settings({"GRADESYS_ALERT_URL": url})
        assert (settings.alert_url, "s3cret" in repr(settings)) == (url, False)
        return
    with pytest.raises(SettingsError) as error:
        read_settings({"GRADESYS_ALERT_URL": url})
    assert "s3cret" not in str(error.value)
