"""The JSON Schema for editors is generated; the file in config is kept fresh by this test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradesys.rules.folds import FOLDS
from gradesys.rules.operators import OPERATORS
from gradesys.rules.schema import json_schema

STORED = Path(__file__).parents[2] / "config" / "rules.schema.json"


def test_the_stored_schema_is_the_generated_one() -> None:
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    assert STORED.read_text(encoding="utf-8") == text, "run: gradesys schema"


@pytest.mark.parametrize(
    ("node", "keys"),
    [
        ("RuleModel", {"schema", "id", "table", "indicators", "score", "grades", "output"}),
        ("Window", {"date", "last", "next", "period", "from", "to", "offset"}),
        ("PointRule", {"if", "points"}),
    ],
)
def test_keys_are_offered_as_a_file_writes_them(node: str, keys: set[str]) -> None:
    definition = json_schema()["$defs"][node]
    assert keys <= definition["properties"].keys()
    assert definition["additionalProperties"] is False


def test_words_come_from_the_construct_tables() -> None:
    nodes = json_schema()["$defs"]
    aggregate = nodes["AggregateIndicator"]["properties"]
    assert aggregate["op"]["anyOf"][0]["enum"] == sorted(FOLDS)
    conditions = nodes["Filter"]["additionalProperties"]["anyOf"]
    assert conditions[1]["propertyNames"]["enum"] == sorted(OPERATORS)


def test_a_file_that_extends_a_pack_needs_only_its_id() -> None:
    schema = json_schema()
    assert schema["then"]["required"] == ["id"]
    assert schema["$defs"]["RuleModel"]["required"] == ["id", "output", "schema", "table"]
