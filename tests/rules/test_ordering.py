"""The order of rows (rules.md 3.2, 15.3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gradesys.errors import RecordError
from gradesys.records import Ref, Row, Value
from gradesys.rules.model import Order
from gradesys.rules.ordering import rank, row_order
from tests.rules.invoices import day, local
from tests.rules.moments import NOON

D = Decimal
ROWS: list[Row] = [
    {"id": "I4", "due": None, "name": "b", "amount": D(1)},
    {"id": "i10", "due": day("2026-06-02"), "name": "B", "amount": D(2)},
    {"id": "i2", "due": local("2026-06-02T00:00"), "name": "a", "amount": True},
    {"id": "i1", "due": day("2026-06-01"), "name": None, "amount": D(0)},
]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], "i1 i10 i2 I4"),
        ([("due", False)], "i1 i10 i2 I4"),
        ([("due", True)], "i10 i2 i1 I4"),
        ([("due", True), ("name", False)], "i2 i10 i1 I4"),
        ([("name", False)], "i2 i10 I4 i1"),
        ([("name", True)], "i10 I4 i2 i1"),
        ([("amount", False)], "i1 i2 I4 i10"),
        ([("missing", True)], "i1 i10 i2 I4"),
    ],
)
def test_rows_stand_by_their_keys_then_by_primary_key_and_nulls_last(
    keys: list[tuple[str, bool]], expected: str
) -> None:
    order = row_order(tuple(Order(column=name, desc=desc) for name, desc in keys), "id")
    found = sorted(ROWS, key=lambda row: order(row, NOON))
    assert [row["id"] for row in found] == expected.split()


@pytest.mark.parametrize(
    ("one", "other"), [(D(1), "1"), (day("2026-06-01"), D(1)), (Ref("account", "a"), "a")]
)
def test_values_of_different_kinds_have_no_order(one: Value, other: Value) -> None:
    with pytest.raises(RecordError, match="has no order with"):
        assert rank(one, NOON) < rank(other, NOON)
