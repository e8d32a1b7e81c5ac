"""Cases of the oracle's generator, scored by the engine with and without metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradesys.records import Column, Kind, ManyToMany, Plan, Schema, Scope, Table
from gradesys.rules.casefile import Case, clock_of, cutpoints_of, previous_of
from gradesys.rules.cells import read_id
from gradesys.rules.compile import compile_model
from gradesys.rules.document import Document
from gradesys.rules.evaluation import Evaluation, Result
from gradesys.rules.keys import Flag
from gradesys.rules.parse import parse_data
from gradesys.rules.tables import TableStore
from tests.oracle.generate import random_case
from tests.oracle.making.schema import SCHEMA as ORG
from tests.oracle.values import Flag as OracleFlag

KINDS = {
    "state": Kind.CHOICE,
    "amount": Kind.DECIMAL,
    "text": Kind.TEXT,
    "flag": Kind.BOOLEAN,
    "day": Kind.DATE,
    "instant": Kind.INSTANT,
}
TYPED = {
    "gs_manualgrade": Kind.TEXT,
    "gs_manualuntil": Kind.DATE,
    "gs_gradelocked": Kind.BOOLEAN,
}
LINKS = ("listmemberid", "entityid", "listid")
MEMBERS = Table(
    "listmember",
    "listmembers",
    LINKS[0],
    {name: Column(name, Kind.ID) for name in LINKS},
    many=tuple(
        ManyToMany(f"list{name}_association", "listmember", (("list", LINKS[2]), (name, LINKS[1])))
        for name in ("account", "contact")
    ),
)


def ours(node: Any) -> Any:
    """The tree as the loader gives it."""
    if isinstance(node, dict):
        return {ours(key): ours(value) for key, value in node.items()}
    if isinstance(node, list):
        return [ours(item) for item in node]
    return Flag.of(node.value) if isinstance(node, OracleFlag) else node


def metadata() -> Schema:
    """The generated org's tables."""
    return {**{name: table(name) for name in ORG}, "listmember": MEMBERS}


def table(name: str) -> Table:
    columns = {
        f"{name}id": Column(f"{name}id", Kind.ID),
        **{column: Column(column, KINDS[kind]) for column, kind in ORG[name].columns.items()},
        **{column: Column(column, kind) for column, kind in TYPED.items()},
        **{
            lookup: Column(lookup, Kind.LOOKUP, targets)
            for lookup, targets in ORG[name].lookups.items()
        },
    }
    return Table(name, f"{name}s", f"{name}id", columns)


def uses(node: Any, keys: frozenset[str]) -> bool:
    """True when one of these keys stands anywhere in the tree."""
    if isinstance(node, dict):
        return not keys.isdisjoint(map(str, node)) or any(uses(v, keys) for v in node.values())
    return isinstance(node, list) and any(uses(item, keys) for item in node)


def drawn(level: str, first: int, count: int) -> list[dict[str, Any]]:
    """The cases of these seeds."""
    return [random_case(seed, level) for seed in range(first, first + count)]


def scored(case: Mapping[str, Any], schema: Schema | None, store: TableStore) -> Result | None:
    """The result of the case's record; None when its row was narrowed away."""
    asked = Case(0, case)
    model = compile_model(parse_data(Document(case["model"], "random")), schema)
    given = cutpoints_of(asked, model.shares)
    cuts = {} if given is None else {model.model.id: given}
    evaluation = Evaluation([model], clock_of(asked), previous_of(asked), cuts)
    id = str(read_id(case["record"]))
    everybody = model.ranked and given is None
    scope = Scope(model.model.table, None if everybody else (id,))
    for page in store.pages(Plan(evaluation.reads, scope)):
        evaluation.add(page)
    if everybody:
        evaluation.measure()
    return next((result for result in evaluation.results() if result.id == id), None)
