"""YAML as rule files mean it: three kinds of plain scalar, unique keys, no tricks (2, 15.10)."""

from decimal import Decimal
from pathlib import Path

import yaml

from tests.oracle.errors import InputError
from tests.oracle.values import NUMBER, Node, as_key

_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def load_file(path: Path) -> Node:
    """The tree of one UTF-8 file: maps, lists, Decimal, bool, str, None; boolean keys as Flag."""
    return load(path.read_text(encoding="utf-8"))


def load(text: str) -> Node:
    """The tree of one document."""
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError(f"anchors and aliases are not allowed: {event.start_mark}")
        if getattr(event, "tag", None):
            raise InputError(f"tags are not allowed: {event.start_mark}")
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return None if root is None else _build(root)


def _build(node: yaml.Node) -> Node:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item) for item in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _mapping(node: yaml.MappingNode) -> dict[Node, Node]:
    built: dict[Node, Node] = {}
    for key_node, item in node.value:
        key = as_key(_build(key_node))
        if isinstance(key, list | dict):
            raise InputError(f"a key must be a scalar: {key_node.start_mark}")
        if key in built:
            raise InputError(f"duplicate key {key!r}: {key_node.start_mark}")
        built[key] = _build(item)
    return built


def _scalar(node: yaml.ScalarNode) -> Node:
    text: str = node.value
    if node.style:  # quoted or block: always text
        return text
    if text in _WORDS:
        return _WORDS[text]
    return Decimal(text) if NUMBER.fullmatch(text) else text
