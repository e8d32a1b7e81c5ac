"""A node as plain data again: the keys that a document must hold to say the same.

Keys that hold what their absence means are left out, so that a key the language gains later
changes nothing about older models.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from gradesys.rules.nodes import Node


def rewritten(value: Any) -> Any:
    """Maps of written keys for nodes; lists stay tuples."""
    if isinstance(value, Node):
        return {
            key: rewritten(inner)
            for name, key, absent in _keys(type(value))
            if (inner := getattr(value, name)) != absent
        }
    if isinstance(value, dict):
        return {key: rewritten(inner) for key, inner in value.items()}
    return tuple(map(rewritten, value)) if isinstance(value, tuple) else value


@cache
def _keys(node: type[Struct]) -> tuple[tuple[str, str, Any], ...]:
    """Field, key, and the value that the key's absence means (NODEFAULT: it is never absent)."""
    return tuple(
        (
            each.name,
            each.encode_name,
            each.default if each.default_factory is NODEFAULT else each.default_factory(),
        )
        for each in fields(node)
    )
