"""Why a score is not higher: codes ranked by their distance from a baseline (5, 15.5)."""

from collections.abc import Callable
from decimal import Decimal

from tests.oracle.arithmetic import ROUNDED, ZERO, clamp, running_sum
from tests.oracle.points import form_of, map_entries
from tests.oracle.scores import excluded
from tests.oracle.subject import Subject
from tests.oracle.values import Node

Spec = dict[str, Node]


def reasons(subject: Subject) -> list[str]:
    """The codes of a row that has a score, largest gap first, each once, cut by `count`."""
    wanted = subject.model.get("reasons")
    if wanted is None:
        return []
    gone = excluded(subject)
    gaps = [(name, _gap(subject, name)) for name in subject.scored if name not in gone]
    listed = [(name, gap) for name, gap in gaps if gap is not None and gap > 0]
    ranked = sorted(listed, key=lambda entry: entry[1], reverse=True)  # stable: ties as declared
    codes = list(dict.fromkeys(subject.indicators[name]["reason"] for name, _ in ranked))
    count = wanted.get("count")
    return codes if count is None else codes[: int(count)]


def _gap(subject: Subject, name: str) -> Decimal | None:
    spec, points = subject.indicators[name], subject.points(name)
    if spec.get("reason") is None or points is None:
        return None
    weight = subject.weight(name)
    baseline = _baseline(spec, weight)
    if baseline is None:
        return None
    return ROUNDED.multiply(weight, ROUNDED.subtract(baseline, points))


def _baseline(spec: Spec, weight: Decimal) -> Decimal | None:
    if spec.get("baseline_points") is not None:
        given: Decimal = spec["baseline_points"]
        return given
    best: Callable[[list[Decimal]], Decimal] = max if weight >= 0 else min
    obtainable = _OBTAINABLE[form_of(spec.get("points"))](spec, weight >= 0)
    low, high = spec.get("min_points"), spec.get("max_points")
    return best([clamp(x, low, high) for x in obtainable]) if obtainable else None


def _identity(spec: Spec, upward: bool) -> list[Decimal]:
    bound = spec.get("max_points" if upward else "min_points")
    return [] if bound is None else [bound]


def _bands(spec: Spec, upward: bool) -> list[Decimal]:
    bands = spec["points"]["bands"]
    below = [ZERO] if bands and bands[0].get("min") is not None else []
    return [band["points"] for band in bands] + below


def _linear(spec: Spec, upward: bool) -> list[Decimal]:
    ends: list[Decimal] = spec["points"]["linear"]["to"]
    return ends


def _quantiles(spec: Spec, upward: bool) -> list[Decimal]:
    listed: list[Decimal] = spec["points"]["points"]
    return listed


def _map(spec: Spec, upward: bool) -> list[Decimal]:
    otherwise = spec["points"].get("otherwise")
    entries = [given for _, given in map_entries(spec["points"])]
    return entries if otherwise is None else [*entries, otherwise]


def _rules(spec: Spec, upward: bool) -> list[Decimal]:
    listed: list[Decimal] = [rule["points"] for rule in spec["points"]["rules"]]
    if spec["points"].get("hit") != "sum":
        return listed
    helping = [x for x in listed if (x > 0 if upward else x < 0)]
    return [running_sum(helping)] if helping else listed


_OBTAINABLE: dict[str, Callable[[Spec, bool], list[Decimal]]] = {
    "identity": _identity,
    "bands": _bands,
    "linear": _linear,
    "quantiles": _quantiles,
    "map": _map,
    "rules": _rules,
}
