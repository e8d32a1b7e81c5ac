"""Values on their way out and back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradesys.dataverse.decode import PageDecoder
from gradesys.dataverse.shapes import shape_of
from gradesys.dataverse.wire import cell, encode
from gradesys.errors import PermanentError
from gradesys.records import Ref, Value
from tests.dataverse.sample import ACCOUNT, ACCOUNT_ID, SCHEMA

SCORE = ACCOUNT.columns["gs_score"]
GRADE = ACCOUNT.columns["gs_grade"]
DECODER = PageDecoder(shape_of(SCHEMA, "account", ["gs_score"]), ("gs_score",))


@given(st.decimals(-(10**20), 10**20, allow_nan=False, places=10))
def test_a_number_comes_back_as_it_went(number: Decimal) -> None:
    page = encode({"value": [{"gs_score": cell(SCORE, number)}]})
    (row,) = DECODER.decode(page).rows
    assert str(row["gs_score"]) == str(number)
    assert b"E" not in page


@given(st.text())
def test_a_text_goes_out_as_it_is(text: str) -> None:
    assert json.loads(encode({"name": cell(ACCOUNT.columns["name"], text)})) == {"name": text}


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Decimal("921500000.00"), 921500000),
        (True, True),
        (None, None),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 8, 30, tzinfo=UTC), "2026-03-01T08:30:00Z"),
        (datetime.fromisoformat("2026-03-01T08:30:00"), "2026-03-01T08:30:00"),
    ],
)
def test_a_cell_is_what_json_can_say(value: Value, sent: object) -> None:
    assert cell(GRADE, value) == sent


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Ref("account", ACCOUNT_ID)])
def test_what_json_cannot_say_is_refused(value: Value) -> None:
    with pytest.raises(PermanentError, match="gs_grade"):
        cell(GRADE, value)
