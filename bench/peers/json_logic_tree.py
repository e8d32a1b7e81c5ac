"""JsonLogic: the card as a tree of operations, walked anew for every record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from json_logic import jsonLogic

from bench.peers.card import Card, Line, Margin
from bench.peers.peer import Peer, grader, plain, quantised

NAME = "json-logic"
Tree = Any


def peers(card: Card) -> tuple[Peer, ...]:
    """panzi-json-logic; json-logic-qubit has the same import name and was slower."""
    tree, grade_of = {"+": [{"*": part} for part in _parts(card)]}, grader(card)

    def score(record: dict[str, Any]) -> tuple[float, str]:
        number = jsonLogic(tree, record)
        return number, grade_of(number)

    return (Peer(NAME, ("panzi-json-logic",), plain, score, quantised),)


def _parts(card: Card) -> Iterator[list[Tree]]:
    for banded in card.banded:
        yield [banded.weight, _choice(banded.column, ">=", banded.bounds, banded.below)]
    for mapped in card.mapped:
        yield [
            mapped.weight,
            _choice(mapped.column, "===", mapped.points.items(), mapped.otherwise),
        ]
    yield [card.line.weight, _line(card.line)]
    yield [card.margin.weight, _margin(card.margin)]


def _choice(column: str, operator: str, steps: Iterable[tuple[Any, float]], last: float) -> Tree:
    branches: list[Tree] = []
    for value, points in steps:
        branches += [{operator: [{"var": column}, value]}, points]
    return {"if": [*branches, last]}


def _line(line: Line) -> Tree:
    above = {"-": [{"var": line.column}, line.low]} if line.low else {"var": line.column}
    return _held({"*": [100 / (line.high - line.low), above]})


def _margin(margin: Margin) -> Tree:
    share = {"/": [{"*": [100, {"var": margin.part}]}, {"var": margin.whole}]}
    return {"if": [{"===": [{"var": margin.whole}, 0]}, 0, _held(share)]}


def _held(points: Tree) -> Tree:
    return {"min": [100, {"max": [0, points]}]}
