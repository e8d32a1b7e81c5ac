"""What the other tests hold no example of: keys that are no text, names that are also keys."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gradesys.errors import RuleError
from gradesys.rules.keys import Flag
from gradesys.rules.model import RuleModel, Window
from gradesys.rules.typed import typed


def complaints(data: Any) -> list[str]:
    with pytest.raises(RuleError) as caught:
        typed(RuleModel, {"table": "account", **data})
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"title": {Flag.TRUE: "x"}}, "title.true: a key here must be text"),
        ({"score": {Decimal(1): "x"}}, "score.1: a key here must be text"),
        ({"indicators": {"points": True}}, "indicators.points: expected a map, got true"),
        ({"indicators": {"type": {"type": []}}}, "indicators.type.type: unknown type a list"),
        ({"terms": "x"}, "terms: expected a map, got 'x'"),
        ({"score": {"expression": []}}, "score.expression: expected text, got a list"),
        ({"score": {"scale": {"from": 1, "to": [1, "x"]}}}, "from: expected a list, got 1"),
        ({"score": {"missing": {}}}, "expected 'exclude', got a map; known here: exclude"),
    ],
)
def test_a_value_that_cannot_be_is_refused_where_it_stands(data: Any, complaint: str) -> None:
    assert complaint in "\n".join(complaints(data))


def test_a_model_that_is_no_map_is_one_complaint() -> None:
    with pytest.raises(RuleError, match="expected a map, got 'x'"):
        typed(RuleModel, "x")


def test_formulas_may_be_written_as_numbers_and_flags() -> None:
    model = typed(RuleModel, {"table": "account", "score": {"expression": Decimal("1E+2")}})
    assert model.score.expression == "100"


def test_null_is_nothing_where_nothing_may_stand() -> None:
    assert typed(Window, {"last": None, "to_date": None}) == Window()
