"""Which traps a generated case holds, so that a test can count them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from tests.oracle.clock import model_clock
from tests.oracle.making.sharpening import judged
from tests.oracle.params import resolve
from tests.oracle.result import Result
from tests.oracle.text import identity, normalised
from tests.oracle.values import Node, exact, moment
from tests.oracle.windows import window_range
from tests.oracle.world import World

Case = dict[str, Node]
_SECOND = dt.timedelta(seconds=1)


def traits(case: Case, result: Result) -> set[str]:
    """The names of the traps in one case."""
    return {name for name, holds in TRAITS.items() if holds(case, result)}


def _cells(case: Case) -> list[Node]:
    return [cell for rows in case["tables"].values() for row in rows for cell in row.values()]


def _specs(case: Case) -> list[tuple[str, Case]]:
    return list(case["model"]["indicators"].items())


def _null_value(case: Case, result: Result) -> bool:
    return None in result.values.values()


def _missing_with_points(case: Case, result: Result) -> bool:
    return any(
        result.values.get(name, 0) is None and spec.get("missing_points")
        for name, spec in _specs(case)
    )


def _band_tie(case: Case, result: Result) -> bool:
    return any(
        isinstance(spec.get("points"), dict)
        and result.values.get(name) in [b.get("min", "") for b in spec["points"].get("bands", [])]
        for name, spec in _specs(case)
    )


def _grade_tie(case: Case, result: Result) -> bool:
    bands = case["model"].get("grades", {}).get("bands", [])
    return result.score in [band.get("min", "") for band in bands]


def _rounding_tie(case: Case, result: Result) -> bool:
    rules = case["model"]["score"]
    fine = {**rules, "decimals": int(rules.get("decimals", 2)) + 3}
    unrounded = judged({**case, "model": {**case["model"], "score": fine}}).score
    return unrounded is not None and f"{unrounded:f}".endswith("500")


def _boundary_day(case: Case, result: Result) -> bool:
    """An aggregated row whose window date lies within a second of an edge of that very window."""
    model = resolve(exact(case["model"]))
    clock = model_clock(model, case["as_of"])
    return any(
        abs(clock.instant(moment(row[window["date"]])) - clock.instant(edge)) <= _SECOND
        for spec in model["indicators"].values()
        if (window := spec.get("window"))
        for edge in window_range(window, clock)
        if edge is not None
        for row in case["tables"][spec["of"]]
        if row.get(window["date"]) is not None
    )


def _cross_type(case: Case, result: Result) -> bool:
    """A row of an aggregate that would be the record's, were it not for the lookup's type."""
    id_, table = identity(case["record"]), case["model"]["table"]
    return any(
        row.get(f"{spec['lookup']}@type", table) != table and identity(row[spec["lookup"]]) == id_
        for _, spec in _specs(case)
        if "lookup" in spec
        for row in case["tables"][spec["of"]]
    )


def _broken_dotted(case: Case, result: Result) -> bool:
    world, table = World(case["tables"]), case["model"]["table"]
    row = world.find(table, case["record"]) or {}
    heads = [spec["column"].split(".") for _, spec in _specs(case) if spec["type"] == "column"]
    targets = [world.target(table, head[0], row) for head in heads if len(head) > 1]
    return any(target is None or world.find(*target) is None for target in targets)


def _spelling(case: Case, result: Result) -> bool:
    texts = {cell for cell in _cells(case) if isinstance(cell, str)}
    return any(cell != normalised(cell) and normalised(cell) in texts for cell in texts)


def _binary_sum(case: Case, result: Result) -> bool:
    return {Decimal("0.1"), Decimal("0.2")} <= {c for c in _cells(case) if isinstance(c, Decimal)}


def _negative(case: Case, result: Result) -> bool:
    weights = [spec.get("weight", 1) for _, spec in _specs(case)]
    return any(isinstance(w, Decimal) and w < 0 for w in weights) or any(
        points is not None and points < 0 for points in result.points.values()
    )


TRAITS: dict[str, Callable[[Case, Result], bool]] = {
    "a null among the cells": lambda case, result: None in _cells(case),
    "a null value": _null_value,
    "missing points": _missing_with_points,
    "a null score": lambda case, result: result.in_population and result.score is None,
    "a tie at a band of points": _band_tie,
    "a tie at a grade": _grade_tie,
    "a tie in rounding": _rounding_tie,
    "a date at the edge of a window": _boundary_day,
    "the record's id in a lookup of another type": _cross_type,
    "a dotted column over a broken lookup": _broken_dotted,
    "a text in two spellings": _spelling,
    "0.1 and 0.2": _binary_sum,
    "a negative weight or points": _negative,
    "an empty table": lambda case, result: [] in case["tables"].values(),
    "outside the population": lambda case, result: not result.in_population,
    "reasons": lambda case, result: bool(result.reasons),
    "two reasons": lambda case, result: len(result.reasons) > 1,
    "an unknown grade": lambda case, result: result.raw_grade == "Unknown",
    "a grade protected": lambda case, result: result.earned != result.raw_grade,
    "a grade replaced": lambda case, result: result.grade != result.earned,
}
FULL_ONLY = {"a null score", "a grade protected", "a grade replaced"}
