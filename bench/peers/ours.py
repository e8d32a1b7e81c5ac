"""The path of the product: webhook, button and resync score a record by this very call."""

from __future__ import annotations

from decimal import Decimal

from bench import eight
from bench.peers.card import Card
from bench.peers.peer import Peer
from bench.timing import NOW, model_of
from gradesys.records import Row
from gradesys.rules.clock import Moment
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.state import NOTHING
from gradesys.rules.tally import Facts

NAME = "gradesys"
DRAWN_UP = "gradesys, account drawn up for a reader"


def peers(card: Card) -> tuple[Peer, ...]:
    """The scorecard, which keeps points, weight and contribution of each indicator; and the same
    with those numbers named and laid out, as only an explanation needs them."""
    model = model_of(eight.RULES)
    moment, run = Moment(NOW, model.calendar), model.scorer.run

    def facts(row: Row) -> Facts:
        return Facts(row, {}, moment)

    def score(facts: Facts) -> Scorecard:
        scored: Scorecard = run(facts, NOTHING)
        return scored

    def draw_up(facts: Facts) -> Scorecard:
        scored: Scorecard = run(facts, NOTHING)
        _ = scored.breakdown
        return scored

    return Peer(NAME, (), facts, score, told), Peer(DRAWN_UP, (), facts, draw_up, told)


def told(card: Scorecard) -> tuple[Decimal, str]:
    """Score and grade; every record of the benchmark has both."""
    if card.score is None or not isinstance(card.grade, str):
        raise ValueError("a record of the benchmark has no score")
    return card.score, card.grade
