"""`points` keys that fit the kind of a value, with edges from the same pool as the values."""

from collections.abc import Callable

from tests.oracle.making.cells import AMOUNTS, decimals
from tests.oracle.making.expressions import Names, condition_text, number_text
from tests.oracle.making.schema import DATES
from tests.oracle.making.setting import Setting
from tests.oracle.text import normalised
from tests.oracle.values import Node

Keys = dict[str, Node]
_POINTS = decimals("0 1 5 10 12.5 20 33.33 40 60 100 -5 -20 0.005 66.665")
_EDGES = sorted({x for x in AMOUNTS if abs(x) < 5000})


def points_keys(names: Names, kind: str) -> Keys:
    """`points` and the keys about missing points and limits, for a scored indicator."""
    setting = names.setting
    keys: Keys = {}
    form = setting.pick(_forms(setting, kind))
    if form is not None:
        keys["points"] = form(names.without_points(), kind)
    if setting.chance(0.4):
        keys["missing_points"] = point(setting)
    if setting.chance(0.25):
        keys |= _limits(setting)
    return keys


def point(setting: Setting) -> Node:
    """A number of points, sometimes negative."""
    return setting.pick(_POINTS)


def _forms(setting: Setting, kind: str) -> list[Callable[[Names, str], Node] | None]:
    ruled = [_rules] if setting.full else []
    if kind == "text":
        return [_map, *ruled]
    if kind in DATES:
        return [*ruled, _rules]
    ranked = [_quantiles] if setting.full else []
    return [None, _identity, _bands, _bands, _linear, _linear, _map, *ruled, *ranked]


def _limits(setting: Setting) -> Keys:
    low, high = sorted([point(setting), point(setting)])
    return setting.pick(
        [{"min_points": low}, {"max_points": high}, {"min_points": low, "max_points": high}]
    )


def _identity(names: Names, kind: str) -> Node:
    return "identity"


def _bands(names: Names, kind: str) -> Node:
    setting = names.setting
    edges = sorted(setting.some(_EDGES, 1, 4))
    bands: list[Keys] = [{"min": edge, "points": point(setting)} for edge in edges]
    return {"bands": [{"points": point(setting)}, *bands] if setting.chance(0.5) else bands}


def _linear(names: Names, kind: str) -> Node:
    setting = names.setting
    return {"linear": {"from": setting.some(_EDGES, 2, 2), "to": [point(setting), point(setting)]}}


def _map(names: Names, kind: str) -> Node:
    setting = names.setting
    if kind == "flag":
        keys: list[Node] = setting.some([True, False], 1, 2)
    elif kind == "text":
        keys = list({normalised(text): text for text in setting.some(setting.texts, 1, 5)}.values())
    else:
        keys = list(dict.fromkeys(setting.some([0, 1, 2, *AMOUNTS], 1, 4)))
    otherwise = {"otherwise": point(setting)} if setting.chance(0.5) else {}
    return {"map": {key: point(setting) for key in keys}, **otherwise}


def _rules(names: Names, kind: str) -> Node:
    setting = names.setting
    inner = Names(setting, {**names.kinds, "value": kind})
    rules: list[Keys] = [
        {"if": condition_text(inner), "points": point(setting)}
        for _ in range(setting.dice.randint(1, 3))
    ]
    last = [{"points": point(setting)}] if setting.chance(0.3) else []
    hit = {"hit": setting.pick(["first", "sum", "max", "min"])} if setting.chance(0.6) else {}
    return {**hit, "rules": [*rules, *last]}


def _quantiles(names: Names, kind: str) -> Node:
    k = names.setting.dice.randint(2, 5)
    return {"quantiles": k, "points": [point(names.setting) for _ in range(k)]}


def transform(names: Names, kind: str) -> tuple[str, str] | None:
    """An expression over `value` and the kind of its result; None where there is none to make."""
    setting = names.setting
    if kind in DATES:
        since = setting.pick(["days_since", "days_until", "months_since", "hours_since"])
        return f"{since}(value)", "number"
    if kind == "text":
        return "number(value)", "number"
    if kind == "flag":
        return None
    inner = Names(setting, {**names.kinds, "value": "number"})
    text = setting.pick(["floor(value / 10)", "0.3 - value", "value * p1", number_text(inner, 2)])
    return text, "number"
