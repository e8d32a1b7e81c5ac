"""The delivery queue: retries, faults, and what `settle` sees of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.changes import Change
from emulator.faults import Faults, parse_faults
from emulator.stats import Stats
from emulator.webhooks.body import Job
from emulator.webhooks.delivery import Deliveries
from emulator.webhooks.outcome import BAD_STATUS, SUCCESS, Outcome
from emulator.webhooks.steps import Endpoint, Step

STEP = Step("s", "s", "Update", "account", frozenset(), True, Endpoint("", 4, ""))
CHANGE = Change("Update", "account", "id")
UNAVAILABLE = Outcome(BAD_STATUS, "503", again=True)
REFUSED = Outcome(BAD_STATUS, "500")


class Receiver:
    """Stands in for the endpoint: gives its outcomes in order, then success, and remembers."""

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = list(outcomes)
        self._lock = threading.Lock()
        self.attempts: list[str] = []
        self.finished: list[tuple[str, Outcome]] = []

    def attempt(self, job: Job) -> Outcome:
        with self._lock:
            self.attempts.append(job.id)
            return self._outcomes.pop(0) if self._outcomes else SUCCESS

    def finish(self, job: Job, outcome: Outcome) -> None:
        with self._lock:
            self.finished.append((job.id, outcome))


@contextmanager
def running(receiver: Receiver, **webhooks: Any) -> Iterator[tuple[Deliveries, Stats]]:
    stats, faults = Stats(), Faults()
    faults.replace(parse_faults(json.dumps({"webhooks": webhooks}).encode()))
    deliveries = Deliveries(receiver.attempt, receiver.finish, stats, faults)
    try:
        yield deliveries, stats
    finally:
        deliveries.close()


def job(number: int = 1) -> Job:
    return Job(f"job-{number}", "c", datetime(2026, 1, 1, tzinfo=UTC), CHANGE, STEP)


def deliver(receiver: Receiver, count: int = 1, **webhooks: Any) -> dict[str, int]:
    """Submits jobs, waits until the queue is quiet, and returns the counted outcomes."""
    quiet = threading.Event()
    with running(receiver, **webhooks) as (deliveries, stats):
        for number in range(count):
            deliveries.submit(job(number))
        while deliveries.idle_seconds() == 0.0:
            quiet.wait(0.005)
        counted: dict[str, int] = stats.snapshot()["webhooks"]
    return counted


@pytest.mark.parametrize(
    ("outcomes", "attempts", "counted"),
    [
        ([], 1, {"sent": 1, "failed": 0, "dropped": 0}),
        ([UNAVAILABLE], 2, {"sent": 1, "failed": 0, "dropped": 0}),
        ([UNAVAILABLE, UNAVAILABLE], 2, {"sent": 0, "failed": 1, "dropped": 0}),
        ([REFUSED], 1, {"sent": 0, "failed": 1, "dropped": 0}),
    ],
)
def test_one_more_attempt_follows_an_unavailable_endpoint_and_nothing_else(
    outcomes: list[Outcome], attempts: int, counted: dict[str, int]
) -> None:
    receiver = Receiver(*outcomes)
    assert deliver(receiver) == counted
    assert len(receiver.attempts) == attempts
    assert len(receiver.finished) == 1


def test_a_dropped_webhook_is_counted_and_never_sent() -> None:
    receiver = Receiver()
    assert deliver(receiver, 3, drop=1)["dropped"] == 3
    assert receiver.attempts == []


def test_a_duplicated_webhook_is_sent_twice_under_the_same_id() -> None:
    receiver = Receiver()
    assert deliver(receiver, duplicate=1)["sent"] == 2
    assert receiver.attempts == ["job-0", "job-0"]


def test_reordered_webhooks_all_arrive_in_another_order() -> None:
    receiver = Receiver()
    deliver(receiver, 40, reorder=True)
    expected = [f"job-{number}" for number in range(40)]
    assert sorted(receiver.attempts) == sorted(expected)
    assert receiver.attempts != expected


def test_a_delayed_webhook_is_not_idle_until_it_was_sent() -> None:
    receiver = Receiver()
    with running(receiver, delay_ms=[60_000, 60_000]) as (deliveries, _):
        deliveries.submit(job())
        assert deliveries.idle_seconds() == 0.0
        assert receiver.attempts == []


def test_a_defect_while_building_shows_as_a_failed_job(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = Receiver()

    def broken(job: Job) -> Outcome:
        raise LookupError(job.id)

    monkeypatch.setattr(receiver, "attempt", broken)
    assert deliver(receiver)["failed"] == 1
    assert "delivery of job job-0 broke" in caplog.text
