"""The card as somebody would write it by hand in Python, with exact decimals: the anchor that
needs no engine. It keeps the points of each indicator, too.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bench.peers.card import Card
from bench.peers.peer import HUNDREDTH, Peer

Answer = tuple[Decimal, str, tuple[Decimal, ...]]
NAME = "written by hand (Decimal)"
ZERO, HUNDRED = Decimal(0), Decimal(100)
INDUSTRIES = {Decimal(1): Decimal(40), Decimal(2): Decimal(70), Decimal(3): HUNDRED}
INDUSTRIES[Decimal(4)] = Decimal(55)
REGIONS = {"north": Decimal(50), "south": Decimal(80), "east": Decimal(60), "west": Decimal(90)}
STEPS = (
    ("revenue", ((5_000_000, 100), (1_000_000, 80), (500_000, 60), (100_000, 30)), 0),
    ("employees", ((1_000, 100), (250, 80), (50, 50), (10, 20)), 0),
    ("overdue_days", ((90, 0), (30, 40), (1, 70)), 100),
    ("orders", ((20, 100), (5, 60), (1, 25)), 0),
)
BOUNDS = [
    (name, tuple((Decimal(low), Decimal(points)) for low, points in steps), Decimal(least))
    for name, steps, least in STEPS
]
WEIGHTS = tuple(map(Decimal, ("0.2", "0.1", "0.15", "0.15", "0.05", "0.05", "0.2", "0.1")))
GRADES = tuple(zip("ABCD", map(Decimal, (80, 60, 40, 20)), strict=True))


def peers(card: Card) -> tuple[Peer, ...]:
    """The card is not read: by hand it is written down once more."""
    return (Peer(NAME, (), dict, score, lambda answer: answer[:2]),)


def score(row: dict[str, Any]) -> Answer:
    """Score, grade and the points of each indicator."""
    steps = (_step(row[name], bounds, least) for name, bounds, least in BOUNDS)
    industry = INDUSTRIES.get(row["industry"], Decimal(20))
    region = REGIONS.get(row["region"], Decimal(10))
    points = (*steps, industry, region, _open(row["open_amount"]), _margin(row))
    exact = sum((weight * each for weight, each in zip(WEIGHTS, points, strict=True)), ZERO)
    rounded = exact.quantize(HUNDREDTH, ROUND_HALF_UP)
    return rounded, next((grade for grade, least in GRADES if rounded >= least), "E"), points


def _step(value: Decimal, bounds: tuple[tuple[Decimal, Decimal], ...], least: Decimal) -> Decimal:
    for low, points in bounds:
        if value >= low:
            return points
    return least


def _open(amount: Decimal) -> Decimal:
    return min(max(amount, ZERO) / 2_000, HUNDRED)


def _margin(row: dict[str, Any]) -> Decimal:
    turnover: Decimal = row["turnover"]
    if turnover == 0:
        return ZERO
    share: Decimal = row["profit"] / turnover * 100
    return min(max(share, ZERO), HUNDRED)
