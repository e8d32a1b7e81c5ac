"""The faults a test asks for: failing answers to requests and unreliable webhooks.

Everything is drawn from one seeded generator, so a storm can be repeated.
"""

import random
import threading

import msgspec

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
    """One fault: what is answered instead of (or after) the real work; no status only delays."""

    status: int | None = None
    match: Match = Match()
    retry_after: int | float | None = None
    delay_ms: int | float = 0
    probability: float = 1.0
    times: int | None = None
    after_apply: bool = False

    def __post_init__(self) -> None:
        if self.after_apply and self.status is None:
            raise ValueError("after_apply needs a status to answer")


class WebhookFaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How deliveries misbehave; `delay_ms` is the range a delay is drawn from."""

    drop: float = 0.0
    duplicate: float = 0.0
    delay_ms: tuple[float, float] = (0, 0)
    reorder: bool = False


class FaultPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole document of `POST /_emulator/faults`; `{}` means no faults."""

    rules: tuple[Rule, ...] = ()
    webhooks: WebhookFaults = WebhookFaults()


def parse_faults(body: bytes) -> FaultPlan:
    """The plan in a request body.

    Raises `msgspec.ValidationError` or `msgspec.DecodeError` with the place of the mistake.
    """
    return msgspec.json.decode(body or b"{}", type=FaultPlan)


class Faults:
    """The plan in force, with what is left of each rule's `times`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(SEED)
        self._plan = FaultPlan()
        self._fired: list[int] = []

    @property
    def webhooks(self) -> WebhookFaults:
        return self._plan.webhooks

    def replace(self, plan: FaultPlan) -> None:
        """Puts a plan in force; every rule starts with all its `times`."""
        with self._lock:
            self._plan, self._fired = plan, [0] * len(plan.rules)

    def pick(self, method: str, path: str, user_agent: str) -> Rule | None:
        """The first rule that fires for a request; each draws its own probability."""
        with self._lock:
            for position, rule in enumerate(self._plan.rules):
                if rule.match.accepts(method, path, user_agent) and self._fires(position, rule):
                    self._fired[position] += 1
                    return rule
        return None

    def chance(self, probability: float) -> bool:
        """Draws whether something of this probability happens."""
        with self._lock:
            return self._random.random() < probability

    def between(self, bounds: tuple[float, float]) -> float:
        """Draws a number from a range."""
        with self._lock:
            return self._random.uniform(*bounds)

    def _fires(self, position: int, rule: Rule) -> bool:
        if rule.times is not None and self._fired[position] >= rule.times:
            return False
        return self._random.random() < rule.probability
