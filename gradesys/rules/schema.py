"""The JSON Schema of rule files, for editors: generated from the nodes that read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from gradesys.rules.calendars import PERIODS
from gradesys.rules.clock import WEEKDAYS
from gradesys.rules.filters import GROUPS
from gradesys.rules.folds import FOLDS
from gradesys.rules.model import RuleModel
from gradesys.rules.operators import OPERATORS
from gradesys.rules.parse import REQUIRED

WORDS: Mapping[tuple[str, str], Iterable[str]] = {
    ("AggregateIndicator", "op"): FOLDS,
    ("Downgrade", "until_end_of"): PERIODS,
    ("RuleModel", "week_start"): WEEKDAYS,
    ("Window", "period"): PERIODS,
    ("Window", "week_start"): WEEKDAYS,
}
"""Texts of which only some are known: (node, key) -> the names of the construct table."""

FILTERS = (
    ("AggregateIndicator", "filter"),
    ("AggregateIndicator", "among"),
    ("ChildHop", "filter"),
    ("ParentHop", "filter"),
    ("ManyHop", "filter"),
)
FILTER = {"anyOf": [{"$ref": "#/$defs/Filter"}, {"type": "null"}]}
PARAM = r"^\$"
"""`$name` may stand for any scalar."""


class _Generator(GenerateJsonSchema):
    """Exact numbers as JSON numbers; keys without titles and defaults, which only add bulk."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": ["number", "string"], "pattern": PARAM}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one rule file, as plain data.

    A file that extends a pack holds only what differs: of it just the keys are checked.
    """
    model = RuleModel.model_json_schema(by_alias=True, schema_generator=_Generator)
    nodes = {**model.pop("$defs"), "RuleModel": model, "Filter": _filter()}
    for (node, key), words in WORDS.items():
        _offer(nodes[node]["properties"][key], sorted(words))
    for node, key in (*FILTERS, ("RuleModel", "population")):
        nodes[node]["properties"][key] = FILTER
    model["required"] = sorted({*model["required"], *REQUIRED})
    model["properties"]["extends"] = {"type": "string"}
    keys: dict[str, Any] = {key: {} for key in sorted(model["properties"])}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "gradesys rule file",
        "if": {"required": ["extends"]},
        "then": {
            "type": "object",
            "required": ["id"],
            "properties": keys,
            "additionalProperties": False,
        },
        "else": {"$ref": "#/$defs/RuleModel"},
        "$defs": dict(sorted(nodes.items())),
    }


def _filter() -> dict[str, Any]:
    """A filter: columns with a value, a list, or operators; groups of filters."""
    members = {"type": "array", "items": {"$ref": "#/$defs/Filter"}}
    groups: dict[str, Any] = dict.fromkeys(GROUPS, members)
    groups["not"] = {"anyOf": [members, {"$ref": "#/$defs/Filter"}]}
    operators = {"type": "object", "propertyNames": {"enum": sorted(OPERATORS)}}
    scalars = {"type": ["array", "boolean", "null", "number", "string"]}
    return {
        "type": "object",
        "properties": groups,
        "additionalProperties": {"anyOf": [scalars, operators]},
    }


def _offer(target: dict[str, Any], words: list[str]) -> None:
    """Let the text be one of the words, or a param."""
    known = {"anyOf": [{"enum": words}, {"type": "string", "pattern": PARAM}]}
    if "anyOf" not in target:
        target.pop("type")
        target.update(known)
        return
    others = [option for option in target["anyOf"] if option.get("type") != "string"]
    target["anyOf"] = [*known["anyOf"], *others]
