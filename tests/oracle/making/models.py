"""A whole random model: population, params, indicators, score, reasons and grades."""

from tests.oracle.making.cells import AMOUNTS
from tests.oracle.making.expressions import Names
from tests.oracle.making.filters import light_filter, random_filter
from tests.oracle.making.grades import grades_keys
from tests.oracle.making.indicators import Indicators
from tests.oracle.making.scores import COMBINES, score_keys
from tests.oracle.making.setting import Setting
from tests.oracle.values import Node

Keys = dict[str, Node]
_PARAMS = {"p1": "number", "p2": "number", "unset": "number"}


def random_model(setting: Setting, scored: str) -> Keys:
    """Everything of a model but its table and calendar."""
    combine = setting.pick(COMBINES) if setting.full else "sum"
    maker = Indicators(setting, scored, _PARAMS, negative=combine != "weighted_average")
    indicators = maker.make()
    if not any(spec.get("scored", True) for spec in indicators.values()):
        indicators["always"] = {"type": "expression", "expression": "7"}
    groups = {spec["group"] for spec in indicators.values() if "group" in spec}
    names = Names(setting, {**_PARAMS, **maker.kinds}, tuple(maker.kinds))
    model: Keys = {**_population(setting, scored), **_params(setting), "indicators": indicators}
    model["score"] = score_keys(names, combine, groups)
    if setting.chance(0.85):
        model["reasons"] = setting.pick([{}, {}, {"count": 1}, {"count": 2}])
    if setting.chance(0.9):
        model["grades"] = grades_keys(names)
    return model


def parametrised(setting: Setting, model: Keys) -> Keys:
    """The model with a weight and a window's length written as `$name`."""
    params = dict(model["params"])
    indicators = {name: dict(spec) for name, spec in model["indicators"].items()}
    for spec in indicators.values():
        if isinstance(spec.get("weight"), int) and setting.chance(0.5):
            params["one"], spec["weight"] = "$one_itself", "$one"
            params["one_itself"] = 1
        if "last" in spec.get("window", {}) and setting.chance(0.2):
            params["span"] = spec["window"]["last"]
            spec["window"] = {**spec["window"], "last": "$span"}
            break
    return {**model, "params": params, "indicators": indicators}


def _population(setting: Setting, scored: str) -> Keys:
    roll = setting.dice.random()
    if roll < 0.5:
        return {}
    made = light_filter(setting, scored) if roll < 0.85 else random_filter(setting, scored)
    leave = {"leave": setting.pick(["keep", "clear"])} if setting.chance(0.3) else {}
    return {"population": made, **leave}


def _params(setting: Setting) -> Keys:
    params: Keys = {"p1": setting.pick(AMOUNTS), "p2": setting.dice.randint(-3, 9)}
    return {"params": {**params, "unset": None, "word": setting.pick(setting.texts)}}
