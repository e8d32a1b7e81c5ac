"""The model version: which rules a stored score came from (rules.md section 12)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Context, Decimal
from types import NoneType
from typing import Any

from gradesys.rules.model import RuleModel
from gradesys.rules.rewriting import rewritten

_OF_MODELS = frozenset(
    {"id", "title", "enabled", "reasons", "output", "history", "snapshots", "terms"}
)
_OF_INDICATORS = frozenset({"title", "unit", "advice", "owner", "reason", "baseline_points"})
_OF_BANDS = frozenset({"title", "color", "advice"})
"""What no score and no grade depends on."""

_EXACT = Context(prec=1000)
_JSON = frozenset({str, bool, NoneType})
_LISTS = frozenset({list, tuple})
_written = json.JSONEncoder().encode


def model_version(model: RuleModel) -> str:
    """12 hex digits of SHA-256 over the parts that can move a score or a grade.

    Defaults count as absent, so that a key the language gains later changes no version.
    """
    parts = _but(rewritten(model), _OF_MODELS)
    if "indicators" in parts:
        indicators = parts["indicators"].items()
        parts["indicators"] = {name: _but(each, _OF_INDICATORS) for name, each in indicators}
    if "grades" in parts:
        bands = [_but(each, _OF_BANDS) for each in parts["grades"]["bands"]]
        parts["grades"] = {**parts["grades"], "bands": bands}
    return _digest(parts)


def model_digest(model: RuleModel) -> str:
    """12 hex digits over everything that a rule file says, titles and outputs included."""
    return _digest(rewritten(model))


def _but(parts: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in parts.items() if key not in keys}


def _digest(parts: dict[str, Any]) -> str:
    indicators = list(parts.pop("indicators", {}).items())
    text = json.dumps([_canonical(parts), _canonical(indicators)], ensure_ascii=True)
    import hashlib  # OpenSSL: only where something is digested

    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _canonical(data: Any) -> Any:
    """JSON in which equal rules are equal text: 1.0 is 1, map order does not matter."""
    kind = type(data)
    if kind in _JSON:
        return data
    if kind is Decimal:
        return {"number": f"{_EXACT.normalize(data):f}"}
    if kind is dict:
        pairs = [(_canonical(key), _canonical(value)) for key, value in data.items()]
        return {"map": sorted(pairs, key=_order)}
    if kind in _LISTS:
        return [_canonical(item) for item in data]
    return {"flag": str(data)}


def _order(pair: tuple[Any, Any]) -> str:
    """As the pair is written; the keys of a map differ, so they alone tell."""
    return _written(pair[0])
