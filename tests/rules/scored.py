"""Short ways to score a row of a model that a test writes as YAML."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gradesys.records import Plan, Schema, Scope
from gradesys.rules.cells import read_rows
from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.document import load_document
from gradesys.rules.evaluation import Evaluation, Result
from gradesys.rules.parse import parse_data
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.state import NOTHING, Snapshot
from gradesys.rules.tables import MemoryTable, TableStore

NOON = datetime.fromisoformat("2026-06-15T12:00:00+03:30")
"""Monday, 25 Khordad 1405."""


def data(text: str) -> Any:
    """YAML as the loader reads it: numbers are Decimal."""
    return load_document(text, "test").data


def compiled(text: str, schema: Schema | None = None) -> CompiledModel:
    """The model that this YAML spells, of table account unless it says otherwise."""
    whole = text if "table:" in text else f"{{table: account, {text.strip().removeprefix('{')}"
    return compile_model(parse_data(load_document(whole, "test")), schema)


def store(tables: str) -> TableStore:
    """The tables of this YAML."""
    read = data(tables).items()
    return TableStore({name: MemoryTable(name, read_rows(name, rows, {})) for name, rows in read})


def result(
    models: list[CompiledModel],
    tables: str,
    previous: Snapshot | None = NOTHING,
    now: datetime = NOON,
) -> Result:
    """The result of record a1."""
    evaluation = Evaluation(models, now, previous=previous)
    plan = Plan(evaluation.reads, Scope(models[0].model.table, ("a1",)))
    for page in store(tables).pages(plan):
        evaluation.add(page)
    return next(evaluation.results())


def card(text: str, row: str = "", previous: Snapshot = NOTHING, now: datetime = NOON) -> Scorecard:
    """The scorecard of an account with these columns; raises its RecordError."""
    scored = result([compiled(text)], f"{{account: [{{accountid: a1, {row}}}]}}", previous, now)
    for error in scored.errors.values():
        raise error
    return next(iter(scored.cards.values()))
