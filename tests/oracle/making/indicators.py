"""Indicators of every type, each with the kind of its value, so that later ones may use it."""

from dataclasses import dataclass, field

from tests.oracle.making.aggregates import aggregate
from tests.oracle.making.cells import AMOUNTS, decimals
from tests.oracle.making.expressions import Names, condition_text, number_text
from tests.oracle.making.points import point, points_keys, transform
from tests.oracle.making.schema import DATES, NUMERIC, columns
from tests.oracle.making.setting import Setting
from tests.oracle.values import Node

Keys = dict[str, Node]
_WEIGHTS = decimals("1 0.7 0.3 2 0.5 -1 -0.25 0 10 0.005")
REASONS = ["thin", "late", "small", "unproven"]


@dataclass(frozen=True, slots=True)
class Indicators:
    """Makes the indicators of one model; not `negative` where an average needs weights > 0."""

    setting: Setting
    scored: str
    params: dict[str, str]  # the kind of each param that an expression may name
    negative: bool
    kinds: dict[str, str] = field(default_factory=dict)

    def make(self) -> dict[str, Keys]:
        """Two to six indicators; dependencies may be declared after those who use them."""
        made = {f"n{i}": self._indicator(f"n{i}") for i in range(self.setting.dice.randint(2, 6))}
        if self.setting.chance(0.3):
            made = {name: made[name] for name in self.setting.some(list(made), len(made), 99)}
        return made

    @property
    def names(self) -> Names:
        """What an expression may name by now."""
        return Names(self.setting, {**self.params, **self.kinds})

    def _indicator(self, name: str) -> Keys:
        source = self.setting.pick([self._column, self._aggregate, self._aggregate, self._computed])
        spec, kind = source()
        changed = transform(self.names, kind) if self.setting.chance(_need(kind)) else None
        if changed is not None:
            spec["transform"], kind = changed
        if self.setting.chance(0.15) and kind not in DATES:
            spec["default"] = self._default(kind)
        unscorable = kind in DATES and not self.setting.full
        spec |= {"scored": False} if unscorable or self.setting.chance(0.12) else self._scored(kind)
        self.kinds[name] = kind
        return spec

    def _column(self) -> tuple[Keys, str]:
        kinds = (*NUMERIC, "text", "flag", *DATES)
        column, kind = self.setting.pick(columns(self.scored, kinds, self.setting.chance(0.4)))
        return {"type": "column", "column": column}, "number" if kind in NUMERIC else kind

    def _aggregate(self) -> tuple[Keys, str]:
        return aggregate(self.setting, self.scored)

    def _computed(self) -> tuple[Keys, str]:
        if self.setting.chance(0.2):
            return {"type": "expression", "expression": condition_text(self.names)}, "flag"
        return {"type": "expression", "expression": number_text(self.names)}, "number"

    def _default(self, kind: str) -> Node:
        if kind == "text":
            return self.setting.pick(self.setting.texts)
        return self.setting.chance(0.5) if kind == "flag" else self.setting.pick(AMOUNTS)

    def _scored(self, kind: str) -> Keys:
        keys = points_keys(self.names, kind)
        if self.setting.chance(0.6):
            keys["weight"] = self._weight(kind)
        if self.setting.chance(0.65):
            keys["reason"] = self.setting.pick(REASONS)
            if self.setting.chance(0.35):
                keys["baseline_points"] = point(self.setting)
        if self.setting.full and self.setting.chance(0.3):
            keys["group"] = self.setting.pick(["fit", "deeds"])
        return keys

    def _weight(self, kind: str) -> Node:
        if not (self.setting.full and self.setting.chance(0.3)):
            return self._plain_weight()
        inner = Names(self.setting, {**self.names.kinds, "value": kind}, tuple(self.kinds))
        rules: list[Keys] = [{"if": condition_text(inner), "weight": self._plain_weight()}]
        otherwise = {"otherwise": self._plain_weight()} if self.setting.chance(0.5) else {}
        return {"rules": rules, **otherwise}

    def _plain_weight(self) -> Node:
        return self.setting.pick([w for w in _WEIGHTS if self.negative or w > 0])


def _need(kind: str) -> float:
    """How often a value of a kind is transformed: dates seldom have points of their own."""
    return 0.7 if kind in DATES else 0.15
