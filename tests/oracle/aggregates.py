"""What an aggregate makes of the rows it sees, exactly, rounded once (3.2, 5)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.arithmetic import EXACT, ROUNDED, exact_sum
from tests.oracle.clock import Clock
from tests.oracle.errors import InputError
from tests.oracle.ordering import compare, sameness, sort_key
from tests.oracle.values import Value, number


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows left after filter, window, order and limit, as the parallel lists an op needs."""

    clock: Clock
    values: list[Value]  # column or row_expression, in row order
    factors: list[Decimal]  # decay, else ones
    holds: list[bool]  # the condition of all, none, share
    keyed: list[bool]  # whether the first order_by key is not null

    @property
    def present(self) -> list[Value]:
        """The values that are not null, in row order."""
        return [value for value in self.values if value is not None]

    @property
    def numbers(self) -> list[Decimal]:
        """The values that are not null as numbers, true/false as 1/0."""
        return [number(value) for value in self.present]


def aggregate(op: str, seen: Seen) -> Value:
    """Apply one op of the table in 3.2."""
    if op not in OPS:
        raise InputError(f"not an aggregate: {op!r}")
    return OPS[op](seen)


def _once(x: Decimal) -> Decimal:
    return ROUNDED.plus(x)


def _mean(numbers: list[Decimal]) -> Value:
    return ROUNDED.divide(exact_sum(numbers), Decimal(len(numbers))) if numbers else None


def _sum(seen: Seen) -> Value:
    pairs = zip(seen.values, seen.factors, strict=True)
    return _once(exact_sum([EXACT.multiply(number(v), f) for v, f in pairs if v is not None]))


def _median(seen: Seen) -> Value:
    ordered = sorted(seen.numbers)
    middle = len(ordered) // 2
    return _mean(ordered[middle - 1 : middle + 1] if len(ordered) % 2 == 0 else [ordered[middle]])


def _stddev(seen: Seen) -> Value:
    numbers, n = seen.numbers, Decimal(len(seen.numbers))
    if not numbers:
        return None
    total = exact_sum(numbers)
    squares = exact_sum([EXACT.multiply(x, x) for x in numbers])
    spread = EXACT.subtract(EXACT.multiply(n, squares), EXACT.multiply(total, total))
    return ROUNDED.sqrt(ROUNDED.divide(spread, n * n))


def _extreme(sign: int) -> Callable[[Seen], Value]:
    def op(seen: Seen) -> Value:
        best: Value = None
        for value in seen.present:
            if best is None or compare(value, best, seen.clock) == sign:
                best = value
        return best

    return op


def _mode(seen: Seen) -> Value:
    counts: dict[tuple[str, object], int] = {}
    first: dict[tuple[str, object], Value] = {}
    for value in seen.present:
        same = sameness(value)
        counts[same] = counts.get(same, 0) + 1
        first.setdefault(same, value)
    most = max(counts.values(), default=0)
    candidates = [first[same] for same, count in counts.items() if count == most]
    return min(candidates, key=sort_key(seen.clock), default=None)


def _keyed_values(seen: Seen) -> list[Value]:
    return [value for value, keyed in zip(seen.values, seen.keyed, strict=True) if keyed]


def _first(seen: Seen) -> Value:
    return next(iter(_keyed_values(seen)), None)


def _last(seen: Seen) -> Value:
    return next(reversed(_keyed_values(seen)), None)


def _share(seen: Seen) -> Value:
    return _mean([Decimal(int(holds)) for holds in seen.holds])


OPS: dict[str, Callable[[Seen], Value]] = {
    "count": lambda seen: _once(exact_sum(seen.factors)),
    "sum": _sum,
    "avg": lambda seen: _mean(seen.numbers),
    "median": _median,
    "stddev": _stddev,
    "min": _extreme(-1),
    "max": _extreme(1),
    "mode": _mode,
    "count_distinct": lambda seen: Decimal(len({sameness(value) for value in seen.present})),
    "first": _first,
    "last": _last,
    "any": lambda seen: bool(seen.values),
    "all": lambda seen: all(seen.holds) if seen.holds else None,
    "none": lambda seen: not any(seen.holds) if seen.holds else None,
    "share": _share,
}
