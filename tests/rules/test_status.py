"""The column that says whether a record was set aside: when it is written, what it must hold."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gradesys.records import Value
from gradesys.rules.outputs import status_values
from gradesys.rules.validate import check_model
from tests.rules.accounts import SCHEMA
from tests.rules.org import source
from tests.rules.scored import compiled


def test_a_column_too_short_for_a_word_of_the_status_stops_the_model() -> None:
    model = source(
        "id: m\ntable: account\nindicators: {x: {type: column, column: x}}\nscore: {decimals: 1}\n"
        "output: {score: gs_score, status: gs_status}"
    ).model
    account = SCHEMA["account"]
    short = replace(account.columns["gs_status"], length=5)
    schema = {"account": replace(account, columns={**account.columns, "gs_status": short})}

    problems = [str(problem) for problem in check_model(model, schema).errors]

    assert len(problems) == 1
    assert "column 'gs_status' holds 5 characters, too few for 'current'" in problems[0]


@pytest.mark.parametrize(
    ("row", "parked", "expected"),
    [
        ({}, False, {}),
        ({}, True, {"gs_status": "parked"}),
        ({"gs_status": "current"}, True, {"gs_status": "parked"}),
        ({"gs_status": "parked"}, True, {}),
        ({"gs_status": "parked"}, False, {"gs_status": "current"}),
        ({"gs_status": "current"}, False, {}),
    ],
)
def test_the_status_is_written_only_where_a_record_is_parked_now_or_was_until_now(
    row: dict[str, Value], parked: bool, expected: dict[str, Value]
) -> None:
    outputs = compiled(
        "indicators: {x: {type: column, column: x}}, output: {status: gs_status}}", SCHEMA
    ).outputs

    assert status_values(outputs, row, parked) == expected
