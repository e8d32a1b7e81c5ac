"""The card as graphs of the JSON Decision Model: one expression node, or tables and a sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bench.peers.card import Card
from bench.peers.peer import starts
from bench.peers.text import literal, margin_text, score_text

Node = dict[str, Any]
Rules = list[tuple[str, str]]


def expression_graph(card: Card) -> dict[str, Any]:
    """Input, one node with the score and the grade, output."""
    nodes = [_end("input"), _expressions(score_text(card), card), _end("output")]
    return _graph(nodes, [("input", "sum"), ("sum", "output")])


def table_graph(card: Card) -> dict[str, Any]:
    """Seven tables side by side, and a node that adds their points to the margin's."""
    tables = {column: _table(column, rules) for column, _, rules in _rules(card)}
    parts = [f"{weight} * points.{column}" for column, weight, _ in _rules(card)]
    parts.append(f"{card.margin.weight} * {margin_text(card.margin)}")
    nodes = [_end("input"), *tables.values(), _expressions(" + ".join(parts), card), _end("output")]
    edges = [("input", "sum"), ("sum", "output")]
    for column in tables:
        edges += [("input", column), (column, "sum")]
    return _graph(nodes, edges)


def _rules(card: Card) -> Iterator[tuple[str, float, Rules]]:
    for banded in card.banded:
        rows = [(f">= {low}", str(points)) for low, points in banded.bounds]
        yield banded.column, banded.weight, [*rows, ("", str(banded.below))]
    for mapped in card.mapped:
        rows = [(literal(value), str(points)) for value, points in mapped.points.items()]
        yield mapped.column, mapped.weight, [*rows, ("", str(mapped.otherwise))]
    line = card.line
    slope = 100 / (line.high - line.low)
    rows = [(f"<= {line.low}", "0"), (f">= {line.high}", "100")]
    inside = f"{slope:f} * ({line.column} - {line.low})"
    yield line.column, line.weight, [*rows, ("", inside)]


def _table(column: str, rules: Rules) -> Node:
    rows = [
        {"_id": str(place), "in": when, "out": then} for place, (when, then) in enumerate(rules)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": "in", "name": "in", "field": column}],
        "outputs": [{"id": "out", "name": "out", "field": f"points.{column}"}],
        "rules": rows,
    }
    return {"id": column, "name": column, "type": "decisionTableNode", "content": content}


def _expressions(score: str, card: Card) -> Node:
    *graded, (worst, _) = starts(card)
    steps = "".join(f"$.score >= {least} ? '{grade}' : " for grade, least in graded)
    given = (("score", score), ("grade", f"{steps}'{worst}'"))
    lines = [{"id": key, "key": key, "value": value} for key, value in given]
    return {
        "id": "sum",
        "name": "sum",
        "type": "expressionNode",
        "content": {"expressions": lines},
    }


def _end(kind: str) -> Node:
    return {"id": kind, "name": kind, "type": f"{kind}Node", "content": {}}


def _graph(nodes: list[Node], edges: Iterable[tuple[str, str]]) -> dict[str, Any]:
    lines = [
        {"id": f"{start} {end}", "sourceId": start, "targetId": end, "type": "edge"}
        for start, end in edges
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": lines}
