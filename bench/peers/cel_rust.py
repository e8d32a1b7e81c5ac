"""CEL by the Rust library: compiled once, executed with a dict."""

from __future__ import annotations

from typing import Any

import cel

from bench.peers.card import Card
from bench.peers.peer import Peer, floats, grader, quantised
from bench.peers.text import score_text

NAME = "CEL Rust"


def peers(card: Card) -> tuple[Peer, ...]:
    """One program."""
    execute, grade_of = cel.compile(score_text(card)).execute, grader(card)

    def score(record: dict[str, Any]) -> tuple[float, str]:
        number = execute(record)
        return number, grade_of(number)

    return (Peer(NAME, ("common-expression-language",), floats, score, quantised),)
