"""The three budgets, seen without HTTP and with a clock of the test's own."""

from dataclasses import dataclass, field

import msgspec
import pytest

from emulator.limits import Admission, LimitPlan, Limits, Refusal
from emulator.limits_window import Window

ANN, BOB = "user-1", "user-2"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Door:
    """Limits with a clock that only the test moves."""

    plan: LimitPlan
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.limits = Limits(self.clock)
        self.limits.replace(self.plan)

    def enter(self, user: str = ANN) -> Admission:
        admission = self.limits.admit(user)
        assert isinstance(admission, Admission)
        return admission

    def request(self, seconds: float = 0, user: str = ANN) -> Refusal | None:
        """A request from its beginning to its end; its refusal if there is one."""
        admission = self.limits.admit(user)
        if isinstance(admission, Refusal):
            return admission
        self.clock.now += seconds
        self.limits.leave(admission, seconds)
        return None


def test_more_requests_than_allowed_are_refused_in_the_words_of_the_platform() -> None:
    door = Door(LimitPlan(requests=10, window_s=60))
    assert [door.request() for _ in range(10)] == [None] * 10
    message = "Number of requests exceeded the limit of 10 over time window of 60 seconds."
    assert door.request() == Refusal("0x80072322", message, 60)


def test_a_meter_tells_how_many_pushed_and_how_late() -> None:
    door = Door(LimitPlan(requests=1, window_s=60))
    for pushes, seconds in ((3, 2.0), (1, 5.0)):
        assert door.request() is None
        assert isinstance(door.request(), Refusal)
        for _ in range(pushes):
            door.clock.now += seconds
            door.request()
        door.clock.now += 100
    told = door.limits.snapshot()["users"][ANN]
    names = ("pauses", "pushed", "most_pushed", "latest_push_s")
    assert [told[name] for name in names] == [2, 4, 3, 6.0]


def test_more_server_time_than_allowed_is_refused_however_few_the_requests() -> None:
    door = Door(LimitPlan(execution_s=1200))
    for admission in [door.enter() for _ in range(12)]:
        door.limits.leave(admission, 100)
    door.clock.now += 200
    message = (
        "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds "
        "over time window of 300 seconds. Decrease number of concurrent requests or reduce the "
        "duration of requests and try again later."
    )
    assert door.request() == Refusal("0x80072321", message, 100)


def test_too_many_at_once_are_refused_until_some_have_left() -> None:
    door = Door(LimitPlan(concurrent=2, window_s=300))
    inside = [door.enter(), door.enter()]
    refusal = door.request()
    assert refusal == Refusal(
        "0x80072326", "Number of concurrent requests exceeded the limit of 2.", 5
    )
    for admission in inside:
        door.limits.leave(admission, 0)
    door.clock.now += 5
    assert door.request() is None


def test_after_the_pause_there_is_room_for_a_tenth_of_the_budget() -> None:
    door = Door(LimitPlan(requests=20, window_s=60))
    for _ in range(20):
        door.request(seconds=1)
    refusal = door.request()
    assert refusal is not None
    assert refusal.retry_after == 41
    door.clock.now += refusal.retry_after
    assert [door.request(), door.request()] == [None, None]


def test_the_window_slides_and_does_not_jump() -> None:
    door = Door(LimitPlan(requests=2, window_s=60))
    door.request(seconds=30)
    door.request(seconds=29)
    assert door.request() is not None
    door.clock.now = 61
    assert door.request() is None
    assert door.request() is not None


def test_who_keeps_pushing_waits_longer_but_never_longer_than_the_window() -> None:
    door = Door(LimitPlan(requests=1, window_s=300))
    door.request()
    door.clock.now = 200
    asked = [refusal.retry_after for _ in range(4) if (refusal := door.request())]
    assert asked == [100, 101, 102, 103]
    for _ in range(400):
        door.request()
    last = door.request()
    assert last is not None
    assert last.retry_after == 300


def test_during_a_pause_every_request_of_that_user_fails_and_none_of_another() -> None:
    door = Door(LimitPlan(requests=1, window_s=60))
    door.request()
    assert door.request() is not None
    assert door.request() is not None
    assert door.request(user=BOB) is None


def test_limits_that_are_left_out_do_not_limit() -> None:
    door = Door(LimitPlan())
    assert all(door.request(seconds=1000) is None for _ in range(1000))


def test_a_new_plan_forgets_what_was_used_and_the_pause() -> None:
    door = Door(LimitPlan(requests=1))
    door.request()
    assert door.request() is not None
    door.limits.replace(LimitPlan(requests=1))
    assert door.request() is None


def test_a_request_let_in_under_an_old_plan_leaves_the_new_one_alone() -> None:
    door = Door(LimitPlan(concurrent=1))
    old = door.enter()
    door.limits.replace(LimitPlan(concurrent=1))
    door.enter()
    door.limits.leave(old, 1)
    assert isinstance(door.limits.admit(ANN), Refusal)


def test_what_is_left_is_told_like_the_platform_does() -> None:
    door = Door(LimitPlan(requests=6000, execution_s=1200, concurrent=52))
    door.request(seconds=0.25)
    assert door.limits.headers(ANN) == {
        "x-ms-dop-hint": "8",
        "x-ms-ratelimit-burst-remaining-xrm-requests": "5999",
        "x-ms-ratelimit-time-remaining-xrm-requests": "1,199.75",
    }


@pytest.mark.parametrize("member", ["requests", "execution_s", "concurrent", "window_s"])
@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_must_be_positive(member: str, value: int) -> None:
    with pytest.raises(msgspec.ValidationError, match="positive"):
        msgspec.convert({member: value}, LimitPlan)


def test_a_window_counts_what_is_young_enough_and_knows_when_there_is_room() -> None:
    window = Window(10)
    for at in (0, 4, 8):
        window.add(at, 2)
    assert window.free_at(allowed=3, now=9) == 14
    assert window.free_at(allowed=6, now=9) == 9
    window.forget(14)
    assert window.total == 2
    window.forget(18)
    assert window.total == 0
