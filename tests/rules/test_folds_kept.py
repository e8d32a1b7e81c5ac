"""What an aggregate keeps of a record's rows is told, since it bounds the memory of a resync."""

from __future__ import annotations

import pytest

from tests.rules.scored import compiled

DIRECT = "of: invoice, lookup: customerid"
ALONG = "of: line, path: [{child: invoice, lookup: customerid}, {child: line, lookup: invoiceid}]"


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        (f"{DIRECT}, op: sum, column: amount", "a few figures"),
        (f"{DIRECT}, op: stddev, column: amount", "a few figures"),
        (f"{DIRECT}, op: share, filter: {{paid: 1}}", "a few figures"),
        (f"{ALONG}, op: sum, column: amount", "all rows at the end of its paths"),
        (f"{DIRECT}, op: median, column: amount", "every value"),
        (f"{DIRECT}, op: mode, column: amount", "every distinct value"),
        (f"{DIRECT}, op: count_distinct, column: amount", "every distinct value"),
        (f"{DIRECT}, op: last, column: amount, order_by: [{{column: on}}]", "one row"),
        (
            f"{DIRECT}, op: sum, column: amount, order_by: [{{column: on}}], limit: 3",
            "up to 70 rows",
        ),
    ],
)
def test_the_function_that_a_model_became_says_what_is_kept(aggregate: str, expected: str) -> None:
    model = compiled(f"{{id: m, indicators: {{x: {{type: aggregate, {aggregate}}}}}}}")

    assert f"; of each record {expected} in memory\n" in model.scorer.source
