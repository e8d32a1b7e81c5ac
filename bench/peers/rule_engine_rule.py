"""rule-engine: one rule, parsed once. It counts in decimals of its own."""

from __future__ import annotations

import rule_engine

from bench.peers.card import Card
from bench.peers.peer import Peer, graded, plain, quantised
from bench.peers.text import score_text

NAME = "rule-engine"


def peers(card: Card) -> tuple[Peer, ...]:
    """Without types of its columns, which is faster here than with them."""
    score = graded(rule_engine.Rule(score_text(card)).evaluate, card)
    return (Peer(NAME, ("rule-engine",), plain, score, quantised),)
