"""From a value to points; None stands for missing (4)."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from tests.oracle.arithmetic import ZERO, clamp, line, running_sum
from tests.oracle.comparing import truth
from tests.oracle.expressions import Scope, evaluate_text
from tests.oracle.ordering import sameness
from tests.oracle.values import Flag, Node, Value, number

Table = dict[Node, Node]


def raw_points(
    points: Node, value: Value, scope: Scope, cuts: Sequence[Decimal] | None
) -> Decimal | None:
    """The points before missing_points and the clamp; None when the indicator is missing.

    `scope` names what rules see; `cuts` are the k-1 cut points, None where there are none.
    """
    form = form_of(points)
    if form == "rules":
        return _rules(points, scope)
    if value is None:
        return None
    if form == "quantiles":
        return _quantiles(points, number(value), cuts)
    return _PLAIN[form](points, value)


def form_of(points: Node) -> str:
    """Which of the forms of section 4 a `points` key has."""
    if isinstance(points, dict):
        for form in ("bands", "linear", "map", "rules", "quantiles"):
            if points.get(form) is not None:
                return form
    return "identity"


def map_entries(points: Table) -> list[tuple[Node, Decimal]]:
    """The entries of a map that have points; a null entry is an absent one."""
    return [(key, given) for key, given in points["map"].items() if given is not None]


def _bands(points: Table, value: Value) -> Decimal:
    x, reached = number(value), ZERO
    for band in points["bands"]:
        if band.get("min") is None or band["min"] <= x:
            reached = band["points"]
    return reached


def _linear(points: Table, value: Value) -> Decimal:
    source, target = points["linear"]["from"], points["linear"]["to"]
    return line(clamp(number(value), min(source), max(source)), source, target)


def _map(points: Table, value: Value) -> Decimal | None:
    for key, given in map_entries(points):
        if sameness(key.value if isinstance(key, Flag) else key) == sameness(value):
            return given
    otherwise: Decimal | None = points.get("otherwise")
    return otherwise


def _rules(points: Table, scope: Scope) -> Decimal | None:
    hits = [rule["points"] for rule in points["rules"] if hit(rule, scope)]
    return _HITS[points.get("hit") or "first"](hits) if hits else None


def hit(rule: Table, scope: Scope) -> bool:
    """Whether a rule applies; one without `if` always does."""
    return rule.get("if") is None or truth(evaluate_text(rule["if"], scope))


def _quantiles(points: Table, x: Decimal, cuts: Sequence[Decimal] | None) -> Decimal | None:
    if cuts is None:
        return None
    listed: list[Decimal] = points["points"]
    return listed[sum(1 for cut in cuts if cut < x)]


_HITS: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "first": lambda hits: hits[0],
    "sum": running_sum,
    "max": max,
    "min": min,
}
_PLAIN: dict[str, Callable[[Node, Value], Decimal | None]] = {
    "identity": lambda points, value: number(value),
    "bands": _bands,
    "linear": _linear,
    "map": _map,
}
