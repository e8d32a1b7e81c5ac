"""The `grades` key and what may lie over it: protection, rules, a manual grade, a lock."""

import datetime as dt
from decimal import Decimal

from tests.oracle.making.cells import decimals
from tests.oracle.making.expressions import Names, condition_text
from tests.oracle.making.setting import Setting
from tests.oracle.making.windows import length
from tests.oracle.values import Node

Keys = dict[str, Node]
_NAMES: list[list[Node]] = [
    ["A", "B", "C", "D"],
    ["ممتاز", "خوب", "ضعیف", "بد"],
    [1, 2, 3, 4],
    ["a", "A", "B", "b"],
]
_MINIMUMS = decimals("1000 500 100 80 79.99 60 50 20 0.3 0 -5 -100")


def grades_keys(names: Names) -> Keys:
    """The `grades` map: bands descending, the last often without `min`."""
    setting = names.setting
    graded = setting.pick(_NAMES)[: setting.dice.randint(1, 4)]
    minimums = sorted(setting.some(_MINIMUMS, len(graded), len(graded)), reverse=True)
    bands: list[Keys] = [
        {"grade": grade, "min": least} for grade, least in zip(graded, minimums, strict=True)
    ]
    if setting.chance(0.7):
        del bands[-1]["min"]
    keys: Keys = {"bands": bands}
    if setting.chance(0.5):
        keys["unknown"] = "Unknown"
    return {**keys, **(_widened(names, bands) if setting.full else {})}


def _widened(names: Names, bands: list[Keys]) -> Keys:
    setting = names.setting
    keys: Keys = {}
    numbers = [name for name in names.of("number", "flag") if name.startswith("n")]
    if numbers and setting.chance(0.2):
        keys["by"] = setting.pick(numbers)
    if setting.chance(0.25):
        _rank_by_percent(setting, bands)
    if setting.chance(0.4):
        keys["rules"] = [_rule(names, bands) for _ in range(setting.dice.randint(1, 3))]
    if setting.chance(0.4):
        keys["hysteresis"] = setting.pick([0, 3, Decimal("0.01"), 50])
    if setting.chance(0.5):
        keys["downgrade"] = _downgrade(setting)
    return keys


def _rank_by_percent(setting: Setting, bands: list[Keys]) -> None:
    ranked = bands[: setting.dice.randint(1, len(bands))]  # the rest keeps its `min`
    percents = sorted(setting.some([5, 20, 33, 50, 75, 100], len(ranked), len(ranked)))
    for band, percent in zip(ranked, percents, strict=True):
        if "min" in band:
            del band["min"]
            band["top_percent"] = percent


def _rule(names: Names, bands: list[Keys]) -> Keys:
    setting = names.setting
    inner = Names(setting, {**names.kinds, "score": "number"}, names.points)
    condition = {"if": condition_text(inner)} if setting.chance(0.9) else {}
    band = setting.pick(bands)["grade"]
    if setting.chance(0.15) and band in ("B", "C", "خوب"):
        condition = {"if": f"grade == '{band}'"}
    effect = setting.pick([{"at_most": band}, {"at_least": band}, {"set": "Special"}])
    return {**condition, **effect}


def _downgrade(setting: Setting) -> Keys:
    wait = setting.pick(
        [
            {},
            {"hold": length(setting)},
            {"hold": length(setting)},
            {"until_end_of": setting.pick(["week", "month", "year", "fiscal_quarter"])},
        ]
    )
    steps = {"max_steps": setting.dice.randint(1, 2)} if setting.chance(0.5) or not wait else {}
    return {**wait, **steps}


def previous(setting: Setting, bands: list[Keys]) -> Keys:
    """The state at the end of the day before: grades of the model or one that is gone."""
    known = [band["grade"] for band in bands]
    often = [*known, *known, known[0], known[0]]
    state: Keys = {"grade": setting.pick([*often, "Special", "Old", None])}
    if setting.chance(0.6):
        state["earned"] = setting.pick([*often, "Old"])
    if setting.chance(0.5):
        days = setting.pick([1, 6, 7, 30, 31, 89, 90, 91, 365, setting.dice.randint(1, 800)])
        state["below_since"] = (setting.clock.today - dt.timedelta(days=days)).isoformat()
    if setting.chance(0.5):
        state["score"] = setting.pick(_MINIMUMS)
    return state
