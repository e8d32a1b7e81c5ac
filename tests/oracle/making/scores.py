"""The `score` key: how points are combined, moved, scaled, clamped and rounded."""

from decimal import Decimal

from tests.oracle.making.cells import AMOUNTS
from tests.oracle.making.expressions import Names, number_text
from tests.oracle.making.setting import Setting
from tests.oracle.values import Node

Keys = dict[str, Node]
COMBINES = ["sum", "sum", "weighted_average", "weighted_average", "max", "min", "expression"]


def score_keys(names: Names, combine: str, groups: set[str]) -> Keys:
    """The `score` map; `names` may carry the indicators whose points an expression can name."""
    setting = names.setting
    keys: Keys = {"combine": combine} if combine != "sum" or setting.chance(0.7) else {}
    if combine == "expression":
        keys["expression"] = number_text(names)
    if setting.chance(0.3):
        keys["base"] = setting.pick([10, 300, Decimal("-2.5"), Decimal("0.005")])
    if setting.chance(0.5):
        keys |= _limits(setting)
    if setting.chance(0.7):
        keys["decimals"] = setting.pick([0, 1, 2, 2, 4])
    return {**keys, **(_widened(setting, combine, groups) if setting.full else {})}


def _limits(setting: Setting) -> Keys:
    low, high = setting.pick([(0, 100), (0, 100), (-50, 1000), (300, 850)])
    return setting.pick([{"min": low}, {"max": high}, {"min": low, "max": high}])


def _widened(setting: Setting, combine: str, groups: set[str]) -> Keys:
    keys: Keys = {}
    if setting.chance(0.25):
        keys["min_indicators"] = setting.dice.randint(1, 3)
    if combine != "expression" and setting.chance(0.35):
        keys["missing"] = "exclude"
    if groups and setting.chance(0.6):
        keys["groups"] = {group: _group_limits(setting) for group in sorted(groups)}
    if setting.chance(0.2):
        keys["scale"] = {
            "from": setting.some([0, 1, 5, 100], 2, 2),
            "to": [0, setting.pick([100, -3])],
        }
    return keys


def _group_limits(setting: Setting) -> Keys:
    low, high = sorted([setting.pick(AMOUNTS), setting.pick(AMOUNTS)])
    return setting.pick([{"max": high}, {"min": low}, {"min": low, "max": high}])
