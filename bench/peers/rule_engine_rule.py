"""rule-engine: one rule, parsed once. It counts in decimals of its own."""

from __future__ import annotations

from typing import Any

import rule_engine

from bench.peers.card import Card
from bench.peers.peer import Peer, grader, plain, quantised
from bench.peers.text import score_text

NAME = "rule-engine"


def peers(card: Card) -> tuple[Peer, ...]:
    """Without types of its columns, which is faster here than with them."""
    evaluate, grade_of = rule_engine.Rule(score_text(card)).evaluate, grader(card)

    def score(record: dict[str, Any]) -> tuple[Any, str]:
        number = evaluate(record)
        return number, grade_of(number)

    return (Peer(NAME, ("rule-engine",), plain, score, quantised),)
