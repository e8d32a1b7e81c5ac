"""From points to the rounded score: steps 5 to 13 of section 5."""

from collections.abc import Callable
from decimal import Decimal

from tests.oracle.arithmetic import ROUNDED, ZERO, clamp, half_up, line, running_sum
from tests.oracle.errors import InputError
from tests.oracle.expressions import evaluate_text
from tests.oracle.subject import Subject
from tests.oracle.values import Node, number

Rules = dict[str, Node]


def score(subject: Subject) -> Decimal | None:
    """The rounded score of a row in the population, or null."""
    rules: Rules = subject.model.get("score") or {}
    combined = _combined(subject, rules)
    return None if combined is None else _finished(combined, rules)


def excluded(subject: Subject) -> list[str]:
    """The missing indicators that `missing: exclude` removes."""
    rules: Rules = subject.model.get("score") or {}
    if rules.get("missing") != "exclude":
        return []
    return [name for name in subject.scored if subject.missing(name)]


def _combined(subject: Subject, rules: Rules) -> Decimal | None:
    present = [name for name in subject.scored if not subject.missing(name)]
    if rules.get("min_indicators") is not None and len(present) < rules["min_indicators"]:
        return None
    combine = rules.get("combine") or "sum"
    if combine == "expression":
        value = evaluate_text(rules["expression"], subject.scope({}, points=True))
        return None if value is None else number(value)
    if combine not in _COMBINE:
        raise InputError(f"not a way to combine: {combine!r}")
    gone = excluded(subject)
    live = [name for name in subject.scored if name not in gone]
    return _COMBINE[combine](_items(subject, rules, live), [subject.weight(name) for name in live])


def _items(subject: Subject, rules: Rules, live: list[str]) -> list[Decimal]:
    """One item a group, clamped, and one an indicator without group; ordered by first member."""
    members: dict[tuple[str, str], list[Decimal]] = {}
    for name in live:
        group = subject.indicators[name].get("group")
        item = ("indicator", name) if group is None else ("group", group)
        contribution = ROUNDED.multiply(subject.weight(name), _points(subject, name))
        members.setdefault(item, []).append(contribution)
    return [_item(item, shares, rules) for item, shares in members.items()]


def _points(subject: Subject, name: str) -> Decimal:
    points = subject.points(name)
    assert points is not None, "only a helper can be without points"
    return points


def _item(item: tuple[str, str], shares: list[Decimal], rules: Rules) -> Decimal:
    kind, name = item
    limits = (rules.get("groups") or {}).get(name) if kind == "group" else None
    total = running_sum(shares)
    return clamp(total, limits.get("min"), limits.get("max")) if limits else total


def _average(items: list[Decimal], weights: list[Decimal]) -> Decimal | None:
    total = running_sum(weights)
    return None if total == 0 else ROUNDED.divide(running_sum(items), total)


_COMBINE: dict[str, Callable[[list[Decimal], list[Decimal]], Decimal | None]] = {
    "sum": lambda items, weights: running_sum(items),
    "weighted_average": _average,
    "max": lambda items, weights: max(items, default=None),
    "min": lambda items, weights: min(items, default=None),
}


def _finished(combined: Decimal, rules: Rules) -> Decimal:
    raised = ROUNDED.add(combined, rules.get("base") or ZERO)
    scale = rules.get("scale")
    if scale is not None:
        raised = line(raised, scale["from"], scale["to"])
    places = rules.get("decimals")
    bounded = clamp(raised, rules.get("min"), rules.get("max"))
    return half_up(bounded, 2 if places is None else int(places))
