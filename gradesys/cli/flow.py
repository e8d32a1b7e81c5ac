"""Data as YAML on one line, for files that are written for people to read on and change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def flow(value: Any) -> str:
    """YAML on one line, which here is JSON whose keys and plain words need no quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str) and value.isidentifier() and value not in ("true", "false", "null"):
        return value
    return json.dumps(value, ensure_ascii=False)
