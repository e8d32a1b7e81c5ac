"""Random models over rows as they come off the wire: what the independent evaluator says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from gradesys.records import Page, Plan
from gradesys.rules import evaluation as evaluations
from gradesys.rules.casefile import Case
from gradesys.rules.cells import read_rows
from gradesys.rules.compile import compile_model
from gradesys.rules.document import Document
from gradesys.rules.parse import parse_data
from gradesys.rules.tables import MemoryTable, TableStore
from tests.oracle.evaluate import Oracle
from tests.oracle.values import exact
from tests.oracle.world import World
from tests.rules.agreeing import Way, outcome_of
from tests.rules.drawn import drawn, metadata, ours
from tests.rules.test_against_oracle import told
from tests.rules.wired import wired_page

CASES = 120


class WiredStore(TableStore):
    """The same rows, typed where a wire could hold them."""

    def __init__(self, tables: Mapping[str, MemoryTable]) -> None:
        super().__init__(tables)
        self.typed = 0

    def pages(self, plan: Plan) -> Iterator[Page]:
        for page in super().pages(plan):
            found = wired_page(metadata(), page)
            self.typed += found.typed is not None
            yield found


@pytest.mark.random
@pytest.mark.parametrize("first", [700_000])
def test_records_off_the_wire_are_what_the_oracle_says(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluations, "MANY", 1)
    schema, typed = metadata(), 0
    for case in drawn("full", first, CASES):
        plain: Any = ours(exact(case))
        model = compile_model(parse_data(Document(plain["model"], "random")), schema)
        tables = {
            name: MemoryTable(name, read_rows(name, rows, {}))
            for name, rows in plain["tables"].items()
        }
        oracle = Oracle(case["model"], World(case["tables"]), case["as_of"], case.get("cutpoints"))
        store = WiredStore(tables)
        for result in Way(model, Case(0, plain), store).together()[0]:
            due = oracle.evaluate(result.id, case.get("previous"))
            wanted = "error" if due.error else {name: getattr(due, name) for name in told(None)}
            assert outcome_of(result) == wanted, (case["model"], result.id)
        typed += store.typed

    assert typed > CASES
