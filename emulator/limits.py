"""Service protection limits: three budgets for each user in a sliding window (dataverse.md 4).

Off until a test posts ``limits`` to `/_emulator/faults`. A user who exceeds one is turned away
with 429 until a pause has passed; who keeps pushing waits longer.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct, field

from emulator.limits_cost import Cost
from emulator.limits_window import Window

REQUESTS, EXECUTION, CONCURRENT = "0x80072322", "0x80072321", "0x80072326"
# Ours, not documented: a pause ends when a tenth of the budget is free again; too many at once
# cost a sixtieth of the window, and every push during a pause one three-hundredth.
_ROOM = 0.9
_CROWD_SHARE, _PUSH_SHARE = 1 / 60, 1 / 300
MOST_READS = 100
DOP_HINT = 8


class LimitPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Budgets of one user; an absent one is not limited. ``execution_s`` is server time."""

    requests: int | None = None
    execution_s: int | float | None = None
    concurrent: int | None = None
    window_s: int | float = 300

    def __post_init__(self) -> None:
        given = (self.requests, self.execution_s, self.concurrent, self.window_s)
        if any(value is not None and value <= 0 for value in given):
            raise ValueError("limits must be positive")

    def message(self, code: str) -> str:
        """The words of the platform for one of the three codes."""
        window = f"over time window of {self.window_s:g} seconds"
        milliseconds = (self.execution_s or 0) * 1000
        return {
            REQUESTS: f"Number of requests exceeded the limit of {self.requests} {window}.",
            EXECUTION: f"Combined execution time of incoming requests exceeded limit of "
            f"{milliseconds:,.0f} milliseconds {window}. Decrease number of concurrent requests "
            f"or reduce the duration of requests and try again later.",
            CONCURRENT: f"Number of concurrent requests exceeded the limit of {self.concurrent}.",
        }[code]


class Refusal(Struct, frozen=True):
    """A 429 to send: ``retry_after`` in whole seconds, never shorter than the pause."""

    code: str
    message: str
    retry_after: int


class _Meter(Struct):
    """What one user has used. ``pushed`` counts requests that came during a pause, ``most_pushed``
    those of one pause; ``latest_push_s`` tells how long after its begin the last of them came."""

    requests: Window
    execution: Window
    in_flight: int = 0
    max_in_flight: int = 0
    operations: int = 0
    entitlement: int = 0
    pauses: int = 0
    pushed: int = 0
    most_pushed: int = 0
    latest_push_s: float = 0.0
    pushed_in_pause: int = 0
    paused_at: float = 0.0
    paused_until: float = 0.0
    reason: str = ""

    def told(self) -> dict[str, Any]:
        return {
            "requests": round(self.requests.total),
            "execution_s": round(self.execution.total, 3),
            "operations": self.operations,
            "entitlement": self.entitlement,
            "max_in_flight": self.max_in_flight,
            "pauses": self.pauses,
            "pushed": self.pushed,
            "most_pushed": self.most_pushed,
            "latest_push_s": round(self.latest_push_s, 3),
        }

    def pause(self, code: str, now: float, until: float) -> None:
        """Turn away everything until then."""
        self.pauses += 1
        self.pushed_in_pause = 0
        self.reason, self.paused_at, self.paused_until = code, now, until

    def push(self, now: float, penalty: float, longest: float) -> None:
        """Count a request that came during a pause, which becomes longer by it."""
        self.pushed += 1
        self.pushed_in_pause += 1
        self.most_pushed = max(self.most_pushed, self.pushed_in_pause)
        self.latest_push_s = max(self.latest_push_s, now - self.paused_at)
        self.paused_until = min(self.paused_until + penalty, now + longest)


class _Count(Struct):
    """The plan in force with a meter for each user; a new plan starts with empty meters."""

    plan: LimitPlan | None
    meters: dict[str, _Meter] = field(default_factory=dict)

    def of(self, user: str) -> _Meter:
        if user not in self.meters:
            seconds = self.plan.window_s if self.plan else 0
            self.meters[user] = _Meter(Window(seconds), Window(seconds))
        return self.meters[user]


class Admission(Struct, frozen=True):
    """A request that was let in; hand it back with what it cost."""

    count: _Count
    user: str
    cost: Cost


class Limits:
    """Counts every request of every user, and refuses where a plan is in force."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._count = _Count(None)

    @property
    def plan(self) -> LimitPlan | None:
        return self._count.plan

    def replace(self, plan: LimitPlan | None) -> None:
        """Put a plan in force, or none."""
        with self._lock:
            self._count = _Count(plan)

    def admit(self, user: str) -> Admission | Refusal:
        """Let a request in, or say why and for how long not."""
        with self._lock:
            count, now = self._count, self._clock()
            meter = count.of(user)
            if count.plan is not None and (code := _exceeded(count.plan, meter, now)):
                seconds = math.ceil(meter.paused_until - now)
                return Refusal(code, count.plan.message(code), max(seconds, 1))
            meter.requests.add(now, 1)
            meter.in_flight += 1
            meter.max_in_flight = max(meter.max_in_flight, meter.in_flight)
        return Admission(count, user, Cost(MOST_READS if count.plan else None))

    def leave(self, admission: Admission, seconds: float) -> None:
        """Charge a request that has been answered; ``seconds`` is its server time."""
        with self._lock:
            meter = admission.count.of(admission.user)
            meter.in_flight -= 1
            meter.execution.add(self._clock(), seconds)
            meter.operations += admission.cost.operations
            meter.entitlement += admission.cost.entitlement
            if admission.count.plan is None:
                now = self._clock()
                meter.requests.forget(now)
                meter.execution.forget(now)

    def headers(self, user: str) -> dict[str, str]:
        """What is left of the budgets, as the platform's answers tell while limits are in force."""
        with self._lock:
            plan, meter = self._count.plan, self._count.of(user)
            if plan is None:
                return {}
            found = {"x-ms-dop-hint": str(min(DOP_HINT, plan.concurrent or DOP_HINT))}
            if plan.requests is not None:
                left = max(plan.requests - round(meter.requests.total), 0)
                found["x-ms-ratelimit-burst-remaining-xrm-requests"] = str(left)
            if plan.execution_s is not None:
                seconds = max(plan.execution_s - meter.execution.total, 0)
                found["x-ms-ratelimit-time-remaining-xrm-requests"] = f"{seconds:,.2f}"
            return found

    def snapshot(self) -> dict[str, Any]:
        """The document of `/_emulator/limits`: the plan and what each user has used."""
        with self._lock:
            users = {user: meter.told() for user, meter in self._count.meters.items()}
            return {"plan": msgspec.to_builtins(self._count.plan), "users": users}


def _exceeded(plan: LimitPlan, meter: _Meter, now: float) -> str | None:
    """The code of the limit that keeps this user out now; starts or lengthens the pause."""
    if now < meter.paused_until:
        meter.push(now, plan.window_s * _PUSH_SHARE, plan.window_s)
        return meter.reason
    meter.requests.forget(now)
    meter.execution.forget(now)
    for code, free_at in _LIMITS.items():
        until = free_at(plan, meter, now)
        if until is not None:
            meter.pause(code, now, until)
            return code
    return None


def _requests_free(plan: LimitPlan, meter: _Meter, now: float) -> float | None:
    if plan.requests is None or meter.requests.total + 1 <= plan.requests:
        return None
    return meter.requests.free_at(min(plan.requests * _ROOM, plan.requests - 1), now)


def _execution_free(plan: LimitPlan, meter: _Meter, now: float) -> float | None:
    if plan.execution_s is None or meter.execution.total < plan.execution_s:
        return None
    return meter.execution.free_at(plan.execution_s * _ROOM, now)


def _crowd_thinned(plan: LimitPlan, meter: _Meter, now: float) -> float | None:
    if plan.concurrent is None or meter.in_flight < plan.concurrent:
        return None
    return now + plan.window_s * _CROWD_SHARE


_LIMITS: dict[str, Callable[[LimitPlan, _Meter, float], float | None]] = {
    REQUESTS: _requests_free,
    EXECUTION: _execution_free,
    CONCURRENT: _crowd_thinned,
}
