"""Scores that are read by other models: how large they are is told by their own model.

Their columns may not exist yet, and once they do, they are wider than any score.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from gradesys.deploy.ranges.bounds import score_range
from gradesys.records import Column, Kind, Schema, Table
from gradesys.rules.model import RuleModel


def with_score_ranges(schema: Schema, models: Sequence[RuleModel]) -> Schema:
    """The schema in which every score column of the models has the range of its score."""
    for _ in models:
        known = schema
        for model in models:
            schema = _with_range(schema, model)
        if schema == known:
            break
    return schema


def _with_range(schema: Schema, model: RuleModel) -> Schema:
    table = schema.get(model.table)
    if table is None or model.output.score is None:
        return schema
    found = score_range(model, schema)
    column = Column(model.output.score, Kind.DECIMAL, minimum=found.low, maximum=found.high)
    return {**schema, table.name: _with_column(table, column)}


def _with_column(table: Table, column: Column) -> Table:
    return replace(table, columns={**table.columns, column.name: column})
