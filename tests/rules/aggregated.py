"""An aggregate over invoices, compiled and folded over a few rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gradesys.records import Row, Schema, Value
from gradesys.rules.aggregates import CompiledAggregate, compile_aggregate
from gradesys.rules.filters import Place
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.tally import Tally
from gradesys.rules.typed import typed
from tests.rules.invoices import day
from tests.rules.moments import NOON, TEHRAN

D = Decimal
PARAMS = {"factor": D(3), "lines": D(100)}


def node(**keys: Any) -> AggregateIndicator:
    return typed(
        AggregateIndicator, {"type": "aggregate", "of": "invoice", "lookup": "customerid", **keys}
    )


def compiled(schema: Schema | None = None, **keys: Any) -> CompiledAggregate:
    return compile_aggregate(node(**keys), PARAMS, Place("account", schema, TEHRAN))


def tally(rows: list[Row], **keys: Any) -> Tally:
    aggregate = compiled(**keys)
    state = aggregate.start()
    for row in rows:
        aggregate.add(state, row, NOON)
    return aggregate.finish(state, NOON)


def rows(*values: Value, column: str = "amount") -> list[Row]:
    return [{"invoiceid": f"i{index}", column: value} for index, value in enumerate(values)]


AMOUNTS = rows(D(30), D(10), None, D(20), D(20))
PAID = rows(True, False, None, column="paid")
NAMES = rows("b", "Café", "CAFE\u0301", "A", "a", column="name")
DATED: list[Row] = [
    {"invoiceid": "i1", "amount": D(30), "due": day("2026-03-01")},
    {"invoiceid": "i2", "amount": None, "due": day("2026-05-01")},
    {"invoiceid": "i3", "amount": D(10), "due": None},
    {"invoiceid": "i4", "amount": D(20), "due": day("2026-04-01")},
]
BY_DUE = [{"column": "due"}]
