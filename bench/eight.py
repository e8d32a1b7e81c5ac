"""One record of eight indicators: what the generated function takes, and what its account adds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from bench.timing import NOW, best, model_of
from gradesys.records import Row
from gradesys.rules.arithmetic import computing
from gradesys.rules.clock import Moment
from gradesys.rules.state import NOTHING
from gradesys.rules.tally import Facts

RULES = Path(__file__).with_name("eight.yaml")
RECORDS = 500
REGIONS = ("north", "south", "east", "west", "elsewhere")


def figures() -> Iterator[str]:
    """One line a measurement."""
    model = model_of(RULES)
    moment = Moment(NOW, model.calendar)
    records = [Facts(row, {}, moment) for row in rows()]

    run = model.scorer.run

    def score() -> None:
        with computing():
            for facts in records:
                run(facts, NOTHING)

    with computing():
        cards = [run(facts, NOTHING) for facts in records]
    scored_s = best(score, 300)
    account_s = best(lambda: [card.breakdown for card in cards], 30)
    yield f"score one record of 8 indicators, exactly: {scored_s / RECORDS * 1e6:,.2f} µs"
    yield f"draw up its account for a reader: {account_s / RECORDS * 1e6:,.2f} µs"


def rows() -> list[Row]:
    """The records, the same in every run."""
    drawn = random.Random(8)
    return [_row(drawn) for _ in range(RECORDS)]


def _row(drawn: random.Random) -> Row:
    turnover = drawn.randint(1_000, 9_000_000)
    return {
        "revenue": Decimal(drawn.randint(0, 8_000_000)),
        "employees": Decimal(drawn.randint(0, 2_000)),
        "overdue_days": Decimal(drawn.randint(0, 150)),
        "orders": Decimal(drawn.randint(0, 40)),
        "industry": Decimal(drawn.randint(1, 6)),
        "region": drawn.choice(REGIONS),
        "open_amount": Decimal(drawn.randint(0, 30_000_000)) / 100,
        "profit": Decimal(drawn.randint(-1_000, turnover // 2)),
        "turnover": Decimal(turnover),
    }
