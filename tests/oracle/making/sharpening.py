"""Moves the edges of a random model onto the values it meets, so that ties really happen."""

from decimal import Decimal

from tests.oracle.evaluate import evaluate
from tests.oracle.making.setting import Setting
from tests.oracle.values import Node

Case = dict[str, Node]


def sharpen(setting: Setting, case: Case) -> None:
    """Change the case in place: point bands, the rounding digit, then the grade bands."""
    if setting.chance(0.5):
        _meet_point_bands(case)
    if setting.chance(0.3):
        _make_rounding_tie(case)
    if setting.chance(0.4):
        _meet_grade_bands(setting, case)


def judged(case: Case) -> Node:
    """The oracle's result of a generated case."""
    known = {key: case[key] for key in ("previous", "cutpoints", "lookups") if key in case}
    return evaluate(case["model"], case["tables"], case["record"], case["as_of"], **known)


def _meet_point_bands(case: Case) -> None:
    values = judged(case).values
    for name, spec in case["model"]["indicators"].items():
        points = spec.get("points")
        if isinstance(points, dict) and "bands" in points:
            _move(points["bands"], values.get(name), ascending=True)


def _meet_grade_bands(setting: Setting, case: Case) -> None:
    score = judged(case).score
    bands = case["model"].get("grades", {}).get("bands", [])
    if score is not None and bands:
        _move(bands, score + setting.pick([Decimal(0), Decimal(0), Decimal("0.01")]), False)


def _move(bands: list[Case], value: Node, ascending: bool) -> None:
    """Put one band's `min` exactly at the value, where the order of the bands allows it."""
    if not isinstance(value, Decimal) or abs(value) > 10**12 or value != round(value, 6):
        return
    for band in bands:
        old = band.get("min")
        if old is None:
            continue
        band["min"] = value
        edges = [other["min"] for other in bands if other.get("min") is not None]
        if edges == sorted(set(edges), reverse=not ascending):
            return
        band["min"] = old


def _make_rounding_tie(case: Case) -> None:
    """Choose `base` so that the score, before rounding, ends in a 5 just after the last digit."""
    rules = case["model"]["score"]
    places = int(rules.get("decimals", 2))
    fine = {**case, "model": {**case["model"], "score": {**rules, "decimals": 9}}}
    score = judged(fine).score
    if score is None or "scale" in rules:
        return
    half = Decimal(5).scaleb(-places - 1)
    base = round(score, places) + half - score + Decimal(rules.get("base", 0))
    case["model"]["score"] = {**rules, "base": base}
