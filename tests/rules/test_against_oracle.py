"""Random models over random rows: the engine and the independent evaluator agree exactly.

Each seed is scored as a case file is (without metadata) and as an organisation's rows are (with
metadata, narrowed reads).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gradesys.rules.cells import read_rows
from gradesys.rules.evaluation import Result
from gradesys.rules.expectations import NAMES, outcome
from gradesys.rules.tables import MemoryTable, TableStore
from tests.oracle.making.sharpening import judged
from tests.oracle.values import exact
from tests.rules.drawn import drawn, metadata, ours, scored
from tests.rules.narrowed import NarrowedStore

pytestmark = pytest.mark.random


def told(result: Result | None) -> dict[str, Any]:
    """What a case could expect; a row that was not read is outside the population."""
    if result is None:
        empty: dict[str, Any] = dict.fromkeys(NAMES)
        return {**empty, "in_population": False, "values": {}, "points": {}, "reasons": []}
    for error in result.errors.values():
        raise error
    found = outcome(result.cards["case"])
    since = found["below_since"]
    return {**found, "below_since": None if since is None else since.isoformat()}


def wanted(case: Mapping[str, Any]) -> dict[str, Any]:
    result = judged(dict(case))
    assert result.error is None
    return {name: getattr(result, name) for name in NAMES}


@pytest.mark.parametrize(
    ("level", "first", "count"),
    [
        ("line", 0, 100),
        ("full", 0, 250),
        *(pytest.param("line", n, 100, marks=pytest.mark.long) for n in range(100, 500, 100)),
        pytest.param("full", 250, 250, marks=pytest.mark.long),
    ],
)
def test_every_result_equals_the_oracles(level: str, first: int, count: int) -> None:
    cases = drawn(level, first, count)
    schema, left_out = metadata(), 0
    for case in cases:
        plain = ours(exact(case))
        tables = {
            name: MemoryTable(name, read_rows(name, rows, {}))
            for name, rows in plain["tables"].items()
        }
        expected, narrowed = wanted(case), NarrowedStore(tables)
        assert told(scored(plain, None, TableStore(tables))) == expected
        assert told(scored(plain, schema, narrowed)) == expected
        left_out += narrowed.left_out

    assert len(cases) >= count // 6
    assert left_out > 0
