"""Putting parameters in the place of `$name`, after all merging (2)."""

import re

from tests.oracle.errors import InputError
from tests.oracle.values import Node, as_key

_NAME = re.compile(r"\$([^\W\d]\w*)")


def resolve(model: dict[Node, Node]) -> dict[Node, Node]:
    """The model with every whole scalar and key `$name` replaced, its params resolved."""
    params = model.get("params") or {}
    known = {name: _follow(value, params, (name,)) for name, value in params.items()}
    replaced = {key: _replace(item, known) for key, item in model.items() if key != "params"}
    return {**replaced, "params": known}


def _reference(scalar: Node) -> str | None:
    found = _NAME.fullmatch(scalar) if isinstance(scalar, str) else None
    return found[1] if found else None


def _follow(value: Node, params: dict[str, Node], seen: tuple[str, ...]) -> Node:
    name = _reference(value)
    if name is None:
        return value
    if name in seen or name not in params:
        raise InputError(f"params: ${name} is unknown or goes in a circle")
    return _follow(params[name], params, (*seen, name))


def _replace(node: Node, params: dict[str, Node]) -> Node:
    if isinstance(node, dict):
        return {as_key(_replace(key, params)): _replace(item, params) for key, item in node.items()}
    if isinstance(node, list):
        return [_replace(item, params) for item in node]
    name = _reference(node)
    if name is None:
        return node
    if name not in params:
        raise InputError(f"unknown param: ${name}")
    return params[name]
