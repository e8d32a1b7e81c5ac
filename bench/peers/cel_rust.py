"""CEL by the Rust library: compiled once, executed with a dict."""

from __future__ import annotations

import cel

from bench.peers.card import Card
from bench.peers.peer import Peer, floats, graded, quantised
from bench.peers.text import score_text

NAME = "CEL Rust"


def peers(card: Card) -> tuple[Peer, ...]:
    """One program."""
    score = graded(cel.compile(score_text(card)).execute, card)
    return (Peer(NAME, ("common-expression-language",), floats, score, quantised),)
