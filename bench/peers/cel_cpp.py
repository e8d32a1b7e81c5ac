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
    numbers = [each.column for each in card.banded]
    numbers += [card.line.column, card.margin.part, card.margin.whole]
    types = dict.fromkeys(numbers, cel.Type.DOUBLE)
    for mapped in card.mapped:
        text = all(isinstance(value, str) for value in mapped.points)
        types[mapped.column] = cel.Type.STRING if text else cel.Type.DOUBLE
    environment = cel.NewEnv(variables=types)
    evaluate, bind = environment.compile(score_text(card)).eval, environment.Activation
    grade_of = grader(card)

    def score(record: dict[str, Any]) -> tuple[float, str]:
        number = evaluate(bind(record)).value()
        return number, grade_of(number)

    return (Peer(NAME, ("cel-expr-python",), floats, score, quantised),)
