"""Rows further away, on a running organisation: a narrowed read of some records gives what reading
whole tables gives, in as few requests as the way allows.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from gradesys.changes import Change
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import load_schema
from gradesys.dataverse.store import DataverseStore
from gradesys.records import Plan, Scope
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Evaluation
from gradesys.rules.rulebook import open_rulebook
from tests.dataverse.emulated import TYPE, Org
from tests.emulator.serving import OrgServer
from tests.rules.org import source

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
COUNTS = {"account": 24, "contact": 20, "invoice": 70, "opportunity": 25, "list": 6}
LOOKUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "account": {"parentaccountid": ("account",), "primarycontactid": ("contact",)},
    "contact": {"parentcustomerid": ("account", "contact")},
    "invoice": {"customerid": ("account", "contact"), "opportunityid": ("opportunity",)},
    "opportunity": {"customerid": ("account", "contact"), "parentaccountid": ("account",)},
    "list": {},
}
AGGREGATES: Mapping[str, tuple[str, int]] = {
    "children of children": (
        "of: invoice, op: sum, column: totalamount, path: [{child: opportunity, "
        "lookup: parentaccountid, filter: {statecode: [0, 1]}}, {child: invoice, lookup: "
        "opportunityid}], filter: {statecode: {ne: 3}}",
        1,
    ),
    "a union, through a polymorphic lookup": (
        "of: invoice, op: sum, column: totalamount, paths: [[{child: invoice, lookup: customerid}],"
        "[{child: contact, lookup: parentcustomerid}, {child: invoice, lookup: customerid}]]",
        1,
    ),
    "the rows of a parent": (
        "of: invoice, op: count, path: [{parent: contact, lookup: primarycontactid, "
        "filter: {statecode: 0}}, {child: invoice, lookup: customerid}], "
        "window: {date: createdon, last: 90 days}",
        1,
    ),
    "links between many": (
        "of: list, op: sum, column: cost, path: [{many: list, intersect: listmember, near: "
        "entityid, far: listid, filter: {any: [{listname: null}, {statecode: 0}]}}]",
        1,
    ),
    "brothers by a list": (
        "of: account, op: count, path: [{many: list, intersect: listmember, near: entityid, "
        "far: listid}, {many: account, intersect: listmember, near: listid, far: entityid}]",
        1,
    ),
    "columns of parents": (
        "of: invoice, op: max, column: customerid.creditlimit, path: [{child: contact, lookup: "
        "parentcustomerid}, {child: invoice, lookup: customerid}], filter: "
        "{opportunityid.parentaccountid.statecode: {ne: 5}, opportunityid.customerid: {ne: null}}",
        1,
    ),
    "a whole hierarchy": (
        "of: invoice, lookup: customerid, op: sum, column: totalamount, "
        "hierarchy: {lookup: parentaccountid}",
        9,
    ),
    "two levels, without oneself": (
        "of: contact, op: count, path: [{parent: contact, lookup: primarycontactid}], "
        "hierarchy: {lookup: parentaccountid, depth: 2, include_self: false}",
        4,
    ),
}
"""What an aggregate reaches, and in how many requests a record may be read."""


def id_of(table: str, number: int) -> str:
    return str(UUID(int=(sorted(COUNTS).index(table) + 1) << 100 | number))


def rows(dice: random.Random) -> dict[str, list[dict[str, Any]]]:
    found = {table: [row(dice, table, n) for n in range(count)] for table, count in COUNTS.items()}
    links = [link(dice, number) for number in range(40)]
    return {**found, "listmember": links}


def link(dice: random.Random, number: int) -> dict[str, Any]:
    table = dice.choice(["account", "account", "contact"])
    return {
        "listmemberid": str(UUID(int=0xAA << 100 | number)),
        "_entityid_value": id_of(table, dice.randrange(20)),
        f"_entityid_value{TYPE}": table,
        "_listid_value": id_of("list", dice.randrange(COUNTS["list"])),
    }


def row(dice: random.Random, table: str, number: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        f"{table}id": id_of(table, number),
        "statecode": dice.choice([0, 0, 1, 2, 3, None]),
        "createdon": f"2026-0{dice.randint(1, 6)}-{dice.randint(10, 28)}T20:30:00Z",
    }
    amounts = {"invoice": "totalamount", "list": "cost", "contact": "creditlimit"}
    if table in amounts:
        made[amounts[table]] = dice.choice([None, 10, 20.5, 700])
    for lookup, targets in LOOKUPS[table].items():
        target = dice.choice([*targets, *targets, None])
        if target is not None:
            made[f"_{lookup}_value"] = id_of(target, dice.randrange(COUNTS[target]))
            made[f"_{lookup}_value{TYPE}"] = target
    return made


@dataclass(frozen=True)
class World:
    """The organisation and what every account's score is when whole tables are read."""

    org: Org

    def model(self, keys: str) -> CompiledModel:
        text = (
            "id: m\ntable: account\noutput: {score: revenue}\n"
            f"indicators: {{x: {{type: aggregate, {keys}}}}}"
        )
        book = open_rulebook([source(text)], self.org.schema)
        assert not book.problems, book.problems
        return book.models[0]

    def plan(self, model: CompiledModel, ids: tuple[str, ...] | None) -> Plan:
        return Plan(Evaluation([model], NOW).reads, Scope("account", ids))

    def values(self, model: CompiledModel, ids: tuple[str, ...] | None) -> dict[str, Any]:
        evaluation = Evaluation([model], NOW)
        for page in self.org.store.pages(self.plan(model, ids)):
            evaluation.add(page)
        found = {result.id: result for result in evaluation.results()}
        assert not any(result.errors for result in found.values())
        return {id: result.cards["m"].values["x"] for id, result in found.items()}


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., OrgServer]
) -> Iterator[World]:
    path = tmp_path_factory.mktemp("paths") / "rows.json"
    path.write_text(json.dumps(rows(random.Random(7))), "utf-8")
    server = start_server(data=path)
    client = Client(server.url, lambda: None)
    schema = load_schema(client, [*COUNTS, "listmember"])
    store = DataverseStore(client, schema, {"account": frozenset({"revenue"})})
    yield World(Org(server, client, schema, store))
    client.close()
    server.session.close()
    assert server.unsupported() == 0


@pytest.mark.parametrize(("keys", "most"), AGGREGATES.values(), ids=AGGREGATES)
def test_some_records_score_as_all_do(world: World, keys: str, most: int) -> None:
    model = world.model(keys)
    every = world.values(model, None)
    assert len(every) == COUNTS["account"]
    assert len(set(every.values())) > 2
    ids = sorted(every)
    for some in [*((id,) for id in ids), tuple(ids[::3]), tuple(ids)]:
        assert world.values(model, some) == {id: every[id] for id in some}
    for id in ids:
        assert world.org.requests_of(partial(world.values, model, (id,))) <= most


@pytest.mark.parametrize("keys", [keys for keys, _ in AGGREGATES.values()], ids=AGGREGATES)
def test_a_narrowed_read_leaves_most_rows_where_they_are(world: World, keys: str) -> None:
    model = world.model(keys)

    def read(ids: tuple[str, ...] | None) -> int:
        pages = world.org.store.pages(world.plan(model, ids))
        return sum(len(page.rows) for page in pages if page.read.table != "account")

    ids = [id_of("account", number) for number in range(COUNTS["account"])]
    assert sum(read((id,)) for id in ids) < read(None) * len(ids) / 2


def test_a_write_is_verified_by_the_same_rows_in_the_same_request(world: World) -> None:
    model = world.model(AGGREGATES["children of children"][0])
    id = id_of("account", 3)
    plan, change = world.plan(model, (id,)), Change("account", id, {"revenue": None})
    before = [page.rows for page in world.org.store.pages(plan)]
    written = []
    count = world.org.requests_of(lambda: written.append(world.org.store.write([change], plan)))
    assert count == 1
    assert [page.rows for page in written[0].pages] == before
