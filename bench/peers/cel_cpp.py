"""CEL by Google's C++ library: compiled once with typed variables."""

from __future__ import annotations

from typing import Any

from cel_expr_python import cel

from bench.peers.card import Card
from bench.peers.peer import Peer, floats, grader, quantised
from bench.peers.text import score_text

NAME = "CEL C++"


def peers(card: Card) -> tuple[Peer, ...]:
    """Values are bound by an activation of each record, which is faster than naming them as
    ``data``; it is made while the clock runs, since every record needs its own."""
    texts = {"region"}
    columns = {each.column for each in (*card.banded, *card.mapped, card.line)}
    columns |= {card.margin.part, card.margin.whole}
    types = {name: cel.Type.STRING if name in texts else cel.Type.DOUBLE for name in columns}
    environment = cel.NewEnv(variables=types)
    evaluate, bind = environment.compile(score_text(card)).eval, environment.Activation
    grade_of = grader(card)

    def score(record: dict[str, Any]) -> tuple[float, str]:
        number = evaluate(bind(record)).value()
        return number, grade_of(number)

    return (Peer(NAME, ("cel-expr-python",), floats, score, quantised),)
