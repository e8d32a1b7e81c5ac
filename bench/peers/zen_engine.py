"""zen-engine: a compiled expression, which is its fastest path, and two graphs by static loader.

A record is handed over as a dict and as JSON bytes: which of them is faster differs by path.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import zen

from bench.peers import zen_graphs
from bench.peers.card import Card
from bench.peers.peer import Peer, grader, plain, quantised
from bench.peers.text import score_text
from gradesys.records import Row

PACKAGES = ("zen-engine",)
EXPRESSIONS = ("zen compiled expression", "zen compiled expression, JSON")
GRAPHS = ("zen graph, one expression node", "zen graph, one expression node, JSON")
TABLES = ("zen graph, decision tables", "zen graph, decision tables, JSON")
HANDED: tuple[Callable[[Row], Any], ...] = (plain, lambda row: json.dumps(plain(row)).encode())


def peers(card: Card) -> tuple[Peer, ...]:
    """Three paths, each with both ways to hand a record over."""
    paths = (
        (EXPRESSIONS, _expression(card), quantised),
        (GRAPHS, _graph(zen_graphs.expression_graph(card)), _told),
        (TABLES, _graph(zen_graphs.table_graph(card)), _told),
    )
    return tuple(
        Peer(name, PACKAGES, prepare, score, told)
        for names, score, told in paths
        for name, prepare in zip(names, HANDED, strict=True)
    )


def _expression(card: Card) -> Callable[[Any], tuple[float, str]]:
    evaluate, grade_of = zen.compile_expression(score_text(card)).evaluate, grader(card)

    def score(record: Any) -> tuple[float, str]:
        number = evaluate(record)
        return number, grade_of(number)

    return score


def _graph(graph: dict[str, Any]) -> Callable[[Any], Any]:
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"card": graph}}})
    return lambda record: engine.evaluate("card", record)


def _told(answer: Any) -> tuple[Any, str]:
    return quantised((answer["result"]["score"], answer["result"]["grade"]))
