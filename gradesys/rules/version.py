"""The model version: which rules a stored score came from (rules.md section 12)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from gradesys.rules.model import RuleModel

_TEXTS = {"title", "unit", "advice", "owner", "reason", "baseline_points"}
_CANNOT_MOVE: Any = {
    "id": True,
    "title": True,
    "enabled": True,
    "reasons": True,
    "output": True,
    "history": True,
    "snapshots": True,
    "terms": True,
    "indicators": {"__all__": _TEXTS},
    "grades": {"bands": {"__all__": {"title", "color", "advice"}}},
}
"""What no score and no grade depends on."""

_EXACT = Context(prec=1000)


def model_version(model: RuleModel) -> str:
    """12 hex digits of SHA-256 over the parts that can move a score or a grade.

    Defaults count as absent, so that a key the language gains later changes no version.
    """
    return _digest(model.model_dump(by_alias=True, exclude=_CANNOT_MOVE, exclude_defaults=True))


def model_digest(model: RuleModel) -> str:
    """12 hex digits over everything that a rule file says, titles and outputs included."""
    return _digest(model.model_dump(by_alias=True, exclude_defaults=True))


def _digest(parts: dict[str, Any]) -> str:
    indicators = list(parts.pop("indicators", {}).items())
    text = json.dumps([_canonical(parts), _canonical(indicators)], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _canonical(data: Any) -> Any:
    """JSON in which equal rules are equal text: 1.0 is 1, map order does not matter."""
    if data is None or isinstance(data, str | bool):
        return data
    if isinstance(data, Mapping):
        pairs = [(_canonical(key), _canonical(value)) for key, value in data.items()]
        return {"map": sorted(pairs, key=_order)}
    if isinstance(data, list | tuple):
        return [_canonical(item) for item in data]
    if isinstance(data, Decimal):
        return {"number": f"{_EXACT.normalize(data):f}"}
    return {"flag": str(data)}


def _order(pair: tuple[Any, Any]) -> str:
    """As the pair is written; the keys of a map differ, so they alone tell."""
    return json.dumps(pair[0])
