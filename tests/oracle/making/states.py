"""What a case knows from before: the previous state, stored cut points, a typed grade, a lock."""

import datetime as dt

from tests.oracle.making.cells import AMOUNTS
from tests.oracle.making.grades import previous
from tests.oracle.making.setting import Setting
from tests.oracle.values import Node

Keys = dict[str, Node]


def add_state(setting: Setting, case: Keys) -> None:
    """Add to a case in place what its grades may depend on beside the rows."""
    model = case["model"]
    bands = model["grades"]["bands"]
    if setting.chance(0.7):
        case["previous"] = previous(setting, bands)
    if setting.chance(0.3):
        case["cutpoints"] = _cutpoints(setting, model)
    if setting.chance(0.25):
        model["manual"] = {"grade_column": "gs_manualgrade"}
        if setting.chance(0.6):
            model["manual"]["until_column"] = "gs_manualuntil"
    if setting.chance(0.2):
        model["lock_column"] = "gs_gradelocked"
    for row in case["tables"][model["table"]]:
        row |= _typed(setting, bands)


def _typed(setting: Setting, bands: list[Keys]) -> Keys:
    until = setting.clock.today + dt.timedelta(days=setting.pick([-1, 0, 1]))
    grades = [band["grade"] for band in bands]
    return {
        "gs_manualgrade": setting.pick([*grades, "Unknown", "Special", "nobody", None]),
        "gs_manualuntil": setting.pick([until.isoformat(), None]),
        "gs_gradelocked": setting.pick([True, True, False, None]),
    }


def _cutpoints(setting: Setting, model: Keys) -> Keys:
    cuts: Keys = {}
    for name, spec in model["indicators"].items():
        points = spec.get("points")
        if isinstance(points, dict) and "quantiles" in points and setting.chance(0.8):
            cuts[name] = sorted(setting.pick(AMOUNTS) for _ in range(points["quantiles"] - 1))
    ranked = [band["grade"] for band in model["grades"]["bands"] if "top_percent" in band]
    if ranked and setting.chance(0.8):
        falling = sorted((setting.pick(AMOUNTS) for _ in ranked), reverse=True)
        cuts["grades"] = dict(zip(ranked, falling, strict=True))
    return cuts
