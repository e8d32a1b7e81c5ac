"""One row of the scored table: its indicators' values, points and weights (3, 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.oracle.arithmetic import ONE, ZERO, clamp
from tests.oracle.clock import Clock
from tests.oracle.collecting import Collector
from tests.oracle.errors import InputError, RecordError
from tests.oracle.expressions import Scope, evaluate_text
from tests.oracle.points import hit, raw_points
from tests.oracle.values import Node, Value, number
from tests.oracle.world import Row, World

Cuts = Mapping[str, Sequence[Decimal]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A row under a model. Values are computed on demand and kept; `cuts` serve the quantiles."""

    world: World
    model: dict[str, Node]
    clock: Clock
    row: Row
    cuts: Cuts
    _values: dict[str, Value] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    @property
    def indicators(self) -> dict[str, dict[str, Node]]:
        """The indicators in declared order; a null one is absent."""
        declared = self.model.get("indicators") or {}
        return {name: spec for name, spec in declared.items() if spec is not None}

    @property
    def scored(self) -> list[str]:
        """The names of the indicators that take part in the score."""
        return [name for name, spec in self.indicators.items() if spec.get("scored") is not False]

    def value(self, name: str) -> Value:
        """Raw value -> transform (null skips it) -> default (5)."""
        if name not in self._values:
            if name in self._open:
                raise InputError(f"indicators depend on each other in a circle: {self._open}")
            self._open.append(name)
            self._values[name] = self._compute(self.indicators[name])
            self._open.remove(name)
        return self._values[name]

    def _compute(self, spec: dict[str, Node]) -> Value:
        value = self._raw(spec)
        if value is not None and spec.get("transform") is not None:
            value = evaluate_text(spec["transform"], self.scope({"value": value}))
        default: Value = spec.get("default")
        return default if value is None else value

    def _raw(self, spec: dict[str, Node]) -> Value:
        if spec["type"] == "column":
            return self.read(spec["column"])
        if spec["type"] == "expression":
            return evaluate_text(spec["expression"], self.scope({}))
        start = (self.model["table"], self.world.key(self.model["table"], self.row))
        return Collector(self.world, self.clock, self.params, spec).value(start)

    def read(self, column: str) -> Value:
        """A column of the row, dotted or not."""
        return self.world.read(self.model["table"], self.row, column)

    @property
    def params(self) -> dict[str, Value]:
        """The model's parameters, resolved."""
        found: dict[str, Value] = self.model.get("params") or {}
        return found

    def scope(self, special: Mapping[str, Value], points: bool = False) -> Scope:
        """Names of an expression: the place's own, then indicators, then params (15.2)."""

        def name(wanted: str) -> Value:
            if wanted in special:
                return special[wanted]
            if wanted in self.indicators:
                return self.value(wanted)
            if wanted in self.params:
                return self.params[wanted]
            raise InputError(f"unknown name in an expression: {wanted}")

        return Scope(self.clock, name, self.points if points else None)

    def missing(self, name: str) -> bool:
        """Whether the indicator is missing (4)."""
        return self._own_points(name) is None

    def points(self, name: str) -> Decimal | None:
        """Clamped, unweighted points; null only for a helper whose points cannot be computed."""
        if name not in self.indicators:
            raise InputError(f"points of an unknown indicator: {name}")
        try:
            return self._clamped(name)
        except RecordError:
            if name in self.scored:
                raise
            self.value(name)  # a broken value is an error of the record all the same
            return None

    def _clamped(self, name: str) -> Decimal:
        spec, own = self.indicators[name], self._own_points(name)
        missing: Decimal = spec.get("missing_points") or ZERO
        return clamp(
            missing if own is None else own, spec.get("min_points"), spec.get("max_points")
        )

    def _own_points(self, name: str) -> Decimal | None:
        value, points = self.value(name), self.indicators[name].get("points")
        return raw_points(points, value, self.scope({"value": value}), self.cuts.get(name))

    def weight(self, name: str) -> Decimal:
        """The record's own weight: a number, or the first rule that hits (3)."""
        given = self.indicators[name].get("weight")
        if not isinstance(given, dict):
            return ONE if given is None else number(given)
        scope = self.scope({"value": self.value(name)}, points=True)
        for rule in given["rules"]:
            if hit(rule, scope):
                return number(rule["weight"])
        otherwise = given.get("otherwise")
        return ONE if otherwise is None else number(otherwise)
