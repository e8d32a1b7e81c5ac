"""The quick way for documents that are JSON, as large case files often are.

It only says «yes, exactly this» or «no idea»: whatever is doubtful goes through YAML, which also
knows where a mistake stands.
"""

from __future__ import annotations

import json
import re
from typing import Any

from gradesys.rules.scalars import number

_LONE_SURROGATE = r"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]"


def read_json(text: str, depth: int) -> tuple[Any] | None:
    """The data of a JSON map or list in a 1-tuple; None when it is not surely the same as YAML."""
    if not text.lstrip().startswith(("{", "[")) or re.search(_LONE_SURROGATE, text):
        return None
    try:
        data = json.loads(
            text,
            parse_float=number,
            parse_int=number,
            parse_constant=_refuse,
            object_pairs_hook=_distinct,
        )
    except (ValueError, RecursionError):
        return None
    return (data,) if _levels(data) <= depth else None


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("duplicate key")
    return data


def _levels(data: Any) -> int:
    level, layer = 0, [data]
    while layer:
        level += 1
        layer = [
            inner
            for outer in layer
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return level
