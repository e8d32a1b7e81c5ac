"""The derived keys hold every truly affected record: random changes against full recomputations.

Models and rows come from the oracle's generator, over every form of path.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import pytest

from gradesys.errors import RecordError
from gradesys.records import Event, Key, KeyKind, Page, Plan, Schema, Scope
from gradesys.rules.affected import affected
from gradesys.rules.casefile import Case, clock_of
from gradesys.rules.cells import read_rows
from gradesys.rules.clock import Moment
from gradesys.rules.compile import compile_model
from gradesys.rules.document import Document
from gradesys.rules.evaluation import Evaluation
from gradesys.rules.expanding import errand
from gradesys.rules.parse import parse_data
from gradesys.rules.rulebook import Rulebook
from gradesys.rules.subscriptions import steps
from gradesys.rules.tables import MemoryTable, TableStore
from tests.oracle.values import exact
from tests.rules.changing import LINKS, TRAITS, Changer, Tables
from tests.rules.drawn import drawn, metadata, ours, uses

pytestmark = pytest.mark.random

EDITS = 12
"""Changes for each model."""


@dataclass(frozen=True)
class Watched:
    """One model in force over changing tables."""

    book: Rulebook
    now: datetime

    @cached_property
    def images(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {(step.table, step.message): step.image for step in steps(self.book)}

    @cached_property
    def filters(self) -> dict[tuple[str, str], frozenset[str]]:
        return {(step.table, step.message): frozenset(step.filtering) for step in steps(self.book)}

    def marked(self, event: Event, tables: Tables) -> set[tuple[str, str]]:
        """The records that the service would recompute, once all its keys are handled."""
        linking = event.message in ("Associate", "Disassociate")
        filtering = self.filters.get(("" if linking else event.table, event.message))
        if filtering is None or (event.changed and filtering and not event.changed & filtering):
            return set()
        return set(self.targets(affected(self.book, event), tables))

    def targets(self, keys: frozenset[Key], tables: Tables) -> Iterator[tuple[str, str]]:
        """The records that these keys lead to in the end."""
        done, waiting = set[Key](), list(keys)
        while waiting:
            key = waiting.pop()
            if key in done:
                continue
            done.add(key)
            if key.kind is KeyKind.TARGET:
                yield key.table, key.id
            else:
                waiting += self._found(key, tables)

    def _found(self, key: Key, tables: Tables) -> Iterator[Key]:
        job = errand(self.book, key)
        for page in pages(tables, Plan((job.read,), Scope(key.table, (key.id,)))):
            for row in page.rows:
                yield from job.follow({**dict.fromkeys(job.read.columns), **row})
                yield from job.onward({**dict.fromkeys(job.read.columns), **row})

    def results(self, tables: Tables) -> dict[tuple[str, str], Any]:
        """Every record from scratch: the values from which all else follows."""
        (model,) = self.book.models
        evaluation = Evaluation([model], self.now)
        for page in pages(tables, Plan(evaluation.reads, Scope(model.model.table))):
            evaluation.add(page)
        found: dict[tuple[str, str], Any] = {}
        for result in evaluation.results():
            card = result.cards.get(model.model.id)
            told = str(result.errors) if card is None else (card.in_population, dict(card.values))
            found[model.model.table, result.id] = told
        return found


def pages(tables: Tables, plan: Plan) -> Iterator[Page]:
    memory = {name: MemoryTable(name, list(rows.values())) for name, rows in tables.items()}
    return TableStore(memory).pages(plan)


def watched(case: Mapping[str, Any], schema: Schema) -> Watched:
    model = compile_model(parse_data(Document(case["model"], "random")), schema)
    return Watched(Rulebook((model,), schema, {}, {}, {}), clock_of(Case(0, case)))


def complete(name: str, rows: Any, schema: Schema) -> dict[str, Any]:
    """Typed rows by id, each with every column, as an organisation's are."""
    typed = read_rows(name, rows, {})
    blank = dict.fromkeys(schema[name].columns)
    return {str(row[schema[name].id_column]): {**blank, **row} for row in typed}


def far_reaching(first: int) -> list[dict[str, Any]]:
    """Generated cases whose models go further than one lookup, and a few others."""
    cases = drawn("full", first, 120)
    far = [case for case in cases if uses(case["model"], frozenset({"hierarchy", "path", "paths"}))]
    return far + [case for case in cases if case not in far][:4]


@pytest.mark.parametrize(
    "first",
    [
        0,
        *(pytest.param(n, marks=pytest.mark.long) for n in range(120, 1200, 120)),
    ],
)
def test_every_record_whose_score_may_have_changed_was_marked(first: int) -> None:
    schema, seen = metadata(), Counter[str]()
    for number, case in enumerate(far_reaching(first)):
        plain = ours(exact(case))
        world = watched(plain, schema)
        tables: Tables = {
            name: complete(name, rows, schema) for name, rows in plain["tables"].items()
        }
        scored = plain["model"]["table"]
        linked = scored if scored in ("account", "contact") else "account"
        today = Moment(world.now, world.book.models[0].calendar).today
        changer = Changer(random.Random(first + number), schema, world.images, linked, today)
        try:
            before = world.results(tables)
        except RecordError:
            continue
        for _ in range(EDITS):
            edit = changer.edit(tables)
            tables, after = edit.tables, world.results(edit.tables)
            moved = {key for key in after if before.get(key, "") != after[key]}
            marked = world.marked(edit.event, tables)
            assert moved <= marked, (first, number, edit.event, moved - marked)
            seen.update(["edits", *edit.traits, *(["moved"] if moved else [])])
            seen["spared"] += len(after) - len(marked & after.keys())
            before = after

    print({name: f"{100 * seen[name] / seen['edits']:.1f} %" for name in (*TRAITS, "moved")})
    assert seen["edits"] >= 120
    assert all(seen[trait] > seen["edits"] / 100 for trait in (*TRAITS, "moved")), seen
    assert seen["spared"] > 2 * seen["edits"]
    assert LINKS in schema
