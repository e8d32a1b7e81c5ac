"""The scores of bench/resync.yaml once more, by plain arithmetic that shares nothing with gradesys.

Every engine is held against these before its time counts. Money is whole hundredths here, so a sum
of it is exact, and so is everything after it: no step divides by anything but powers of 2 and 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

NOW = "2026-06-15T08:30:00Z"
TODAY = date(2026, 6, 15)
FIRST_DAY = (TODAY - timedelta(days=364)).isoformat()
PAID, OPEN = 2, 0
GRADES = (("A", 60), ("B", 45), ("C", 30))
INDUSTRIES = {1: 40, 2: 70, 3: 100, 4: 55}


class Invoice(NamedTuple):
    """``cents`` None: the amount is null; ``created`` as it is on the wire."""

    state: int
    cents: int | None
    created: str


class Fields(NamedTuple):
    """What an account holds of its own."""

    revenue_cents: int | None
    employees: int | None
    industry: int | None
    on_hold: bool


class Graded(NamedTuple):
    """A score and its grade."""

    score: Decimal
    grade: str


@dataclass(slots=True)
class Totals:
    """What the rows of one account add up to. All four are by the place of the account."""

    accounts: int
    paid_cents: list[int] = field(init=False)
    last_paid: list[str] = field(init=False)
    open_cents: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.paid_cents = [0] * self.accounts
        self.last_paid = [""] * self.accounts
        self.open_cents = [0] * self.accounts

    def invoice(self, account: int, row: Invoice) -> None:
        """Add an invoice: paid ones of the last 365 days count."""
        tomorrow = (TODAY + timedelta(days=1)).isoformat()
        if row.state == PAID and FIRST_DAY <= row.created < tomorrow:
            self.paid_cents[account] += row.cents or 0
            self.last_paid[account] = max(self.last_paid[account], row.created)

    def opportunity(self, account: int, state: int, cents: int | None) -> None:
        """Add an opportunity: open ones count."""
        if state == OPEN:
            self.open_cents[account] += cents or 0

    def graded(self, account: int, fields: Fields) -> Graded:
        """What the account's score and grade must be."""
        last = self.last_paid[account]
        points = (
            (Decimal("0.3"), _linear(Decimal(self.paid_cents[account]) / 100, 20_000)),
            (Decimal("0.2"), _recency(last)),
            (Decimal("0.2"), _linear(Decimal(self.open_cents[account]) / 100, 50_000)),
            (Decimal("0.1"), _revenue(fields.revenue_cents)),
            (Decimal("0.1"), _linear(Decimal(fields.employees or 0), 1_000)),
            (Decimal("0.05"), _industry(fields.industry)),
            (Decimal("0.05"), Decimal(0 if fields.on_hold else 100)),
        )
        exact = sum((weight * each for weight, each in points), Decimal(0))
        score = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return Graded(score, next((grade for grade, least in GRADES if score >= least), "D"))


def _linear(value: Decimal, full: int) -> Decimal:
    return min(max(value, Decimal(0)), Decimal(full)) * 100 / full


def _recency(last: str) -> Decimal:
    if not last:
        return Decimal(0)
    days = (TODAY - datetime.fromisoformat(last).date()).days
    return _step(Decimal(days), ((180, 10), (90, 40), (30, 70)), 100)


def _revenue(cents: int | None) -> Decimal:
    if cents is None:
        return Decimal(0)
    steps = ((5_000_000, 100), (1_000_000, 80), (500_000, 60), (100_000, 30))
    return _step(Decimal(cents) / 100, steps, 0)


def _industry(code: int | None) -> Decimal:
    return Decimal(0 if code is None else INDUSTRIES.get(code, 20))


def _step(value: Decimal, steps: Sequence[tuple[int, int]], lowest: int) -> Decimal:
    return Decimal(next((points for least, points in steps if value >= least), lowest))
