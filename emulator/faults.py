"""The faults a test asks for: failing answers to requests and unreliable webhooks.

Every rule draws from a seeded generator of its own, so a storm can be repeated.
"""

import random
import threading

import msgspec
from msgspec import Struct

from emulator.limits import LimitPlan

SEED = 20260101


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which requests a rule is for; `path` and `user_agent` are prefixes, absent means all."""

    method: str | None = None
    path: str | None = None
    user_agent: str | None = None

    def accepts(self, method: str, path: str, user_agent: str) -> bool:
        """Whether a request is one of those meant."""
        return (
            self.method in (None, method)
            and path.startswith(self.path or "")
            and user_agent.startswith(self.user_agent or "")
        )


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fault: what is answered instead of (or after) the real work; no status only delays.

    `code` is the Dataverse code of the answer, where it shall not be that of the status.
    """

    status: int | None = None
    code: str | None = None
    match: Match = Match()
    retry_after: int | float | None = None
    delay_ms: int | float = 0
    probability: float = 1.0
    times: int | None = None
    after_apply: bool = False

    def __post_init__(self) -> None:
        if self.after_apply and self.status is None:
            raise ValueError("after_apply needs a status to answer")
        if self.code is not None and self.status is None:
            raise ValueError("a code needs a status to answer")


class WebhookFaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How deliveries misbehave; `delay_ms` is the range a delay is drawn from.

    `wrapped` writes guids and date-times in bodies as older servers do.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    delay_ms: tuple[float, float] = (0, 0)
    reorder: bool = False
    wrapped: bool = False


class FaultPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole document of `POST /_emulator/faults`; `{}` means no faults."""

    rules: tuple[Rule, ...] = ()
    webhooks: WebhookFaults = WebhookFaults()
    limits: LimitPlan | None = None


def parse_faults(body: bytes) -> FaultPlan:
    """The plan in a request body.

    Raises `msgspec.ValidationError` or `msgspec.DecodeError` with the place of the mistake.
    """
    return msgspec.json.decode(body or b"{}", type=FaultPlan)


class _Armed(Struct):
    """A rule in force, with its own random numbers and how often it has fired."""

    rule: Rule
    random: random.Random
    fired: int = 0

    def fires(self) -> bool:
        if self.rule.times is not None and self.fired >= self.rule.times:
            return False
        hit = self.random.random() < self.rule.probability
        self.fired += hit
        return hit


class Faults:
    """The plan in force; the same plan draws the same numbers every time it is put in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.replace(FaultPlan())

    @property
    def webhooks(self) -> WebhookFaults:
        return self._webhooks

    def replace(self, plan: FaultPlan) -> None:
        """Puts a plan in force; every rule starts with all its `times`."""
        armed = [
            _Armed(rule, random.Random(f"{SEED} {place}")) for place, rule in enumerate(plan.rules)
        ]
        with self._lock:
            self._armed, self._webhooks, self._random = armed, plan.webhooks, random.Random(SEED)

    def pick(self, method: str, path: str, user_agent: str) -> Rule | None:
        """The first rule that fires for a request; each draws its own probability."""
        with self._lock:
            for armed in self._armed:
                if armed.rule.match.accepts(method, path, user_agent) and armed.fires():
                    return armed.rule
        return None

    def chance(self, probability: float) -> bool:
        """Draws whether something of this probability happens to a webhook."""
        with self._lock:
            return self._random.random() < probability

    def between(self, bounds: tuple[float, float]) -> float:
        """Draws a number from a range."""
        with self._lock:
            return self._random.uniform(*bounds)
