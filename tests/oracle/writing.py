"""Writing cases as YAML text, numbers digit by digit, with the oracle's results as expectations."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal

from tests.oracle.result import Result
from tests.oracle.values import Flag, Node


def as_yaml(node: Node) -> str:
    """A tree in flow style; text is always quoted, so that every reader sees the same kinds."""
    if isinstance(node, dict):
        return (
            "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(item)}" for key, item in node.items()) + "}"
        )
    if isinstance(node, list):
        return "[" + ", ".join(as_yaml(item) for item in node) + "]"
    if isinstance(node, Flag):
        return as_yaml(node.value)
    if isinstance(node, Decimal):
        return f"{node:f}"
    return json.dumps(_plain(node), ensure_ascii=False)


def _plain(scalar: Node) -> Node:
    if isinstance(scalar, dt.datetime):
        return scalar.isoformat().replace("+00:00", "Z")
    return scalar.isoformat() if isinstance(scalar, dt.date) else scalar


def case_file(entries: Iterable[tuple[str, Node, Result | None]]) -> Node:
    """A case file (13) of (name, generated case, expected result); None expects nothing."""
    return {"model": {}, "cases": [_entry(*entry) for entry in entries]}


def _entry(name: str, case: Node, result: Result | None) -> Node:
    expect = {} if result is None else {"expect": expectation(result)}
    return {"name": name, **case, **expect}


def expectation(result: Result) -> Node:
    """A result as the `expect` of a case file; the error of a record has no place there."""
    names = [field.name for field in fields(result) if field.name != "error"]
    return {name: getattr(result, name) for name in names}
