"""A small emulated org with every construct that a schedule can trouble, back at its start at once.

Two accounts with an invoice and an order each, and a list; one model reads the other's result, one
counts links, one window moves by the day, and a text that is no date cannot be scored.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Connection
from typing import Any

from gradesys.dataverse.store import DataverseStore
from gradesys.engine import recompute
from gradesys.org import Org
from gradesys.records import Scope
from gradesys.rules.rulebook import Rulebook, open_rulebook
from tests.oracle.evaluate import Oracle
from tests.oracle.loading import load
from tests.oracle.values import Node
from tests.oracle.world import World
from tests.schedules.emulated import Emulated, Refusal, sources_of

NOON = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)
CUSTOMERS = """
schema: gradesys/v1
id: customers
table: account
population: {statecode: 0}
indicators:
  bought: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
           window: {date: createdon, last: 3 days}}
  lists: {type: aggregate, of: list, op: count,
          path: [{many: list, intersect: listmember, near: entityid, far: listid}]}
  since: {type: column, column: accountnumber, scored: false}
  age: {type: expression, expression: "days_between(since, '2026-01-01')", default: 0,
        scored: false}
score: {min: 0, max: 1000}
grades: {bands: [{grade: A, min: 30}, {grade: B}]}
output: {score: gs_score, grade: gs_grade}
"""
LENIENT = CUSTOMERS.replace("{grade: A, min: 30}", "{grade: A, min: 10}")
ORDERS = """
schema: gradesys/v1
id: orders
table: salesorder
indicators:
  customer: {type: column, column: customerid.gs_score, missing_points: -1}
output: {score: gs_score}
"""
TABLES = ("account", "invoice", "salesorder", "list", "listmember")
OURS = {"gs_score", "gs_grade", "modifiedon", "modifiedby", "versionnumber"}
"""Cells that our writes may change: the outputs, and the stamps of any write."""
Rows = dict[str, list[dict[str, Any]]]


def guid(table: str, number: int) -> str:
    """The id of a row."""
    return f"{TABLES.index(table) + 1:08}-0000-4000-8000-{number:012}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of a table, put back faster than they were made."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def restore(self, connection: Connection, table: str) -> None:
        names, places = ",".join(self.columns), ",".join("?" * len(self.columns))
        connection.execute(f'DELETE FROM "{table}"')
        connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', self.rows)


def taken(connection: Connection, table: str) -> Snapshot:
    """A snapshot of a table as it is."""
    columns = [f'"{row[1]}"' for row in connection.execute(f'PRAGMA table_info("{table}")')]
    rows = connection.execute(f'SELECT {",".join(columns)} FROM "{table}"')
    return Snapshot(columns, [tuple(row) for row in rows])


@dataclass(frozen=True, slots=True)
class Scene:
    """The org as it began, and the rules of before and after an edit."""

    emulated: Emulated
    org: Org
    books: Mapping[str, Rulebook]
    start: Mapping[str, Snapshot]

    def store(self, book: Rulebook, before: Callable[[], Refusal | None]) -> DataverseStore:
        """The store of a process of its own."""
        client = self.emulated.client(before)
        return DataverseStore(client, book.schema, book.output_columns)

    def restart(self) -> None:
        """Every row as it was at first."""
        self.emulated.now = NOON
        with self.emulated.org.transaction() as tx:
            for table, snapshot in self.start.items():
                snapshot.restore(tx.connection, table)
        self.emulated.mail.clear()

    def rows(self) -> Rows:
        """All rows as they are."""
        return {name: [dict(row) for row in self.emulated.org.rows(name)] for name in TABLES}

    def wrong(self, text: str, rows: Rows) -> Iterator[str]:
        """A line for each stored result that a computation from scratch does not give."""
        world, book = World(rows), self.books[text]
        for model in (_read(text), _read(ORDERS)):
            oracle = Oracle(model, world, self.emulated.now)
            options = _options(book, model["id"])
            for row in rows[model["table"]]:
                yield from _differences(oracle, row, options)

    def bad(self, text: str, rows: Rows) -> set[str]:
        """The accounts that cannot be scored."""
        oracle = Oracle(_read(text), World(rows), self.emulated.now)
        ids = (row["accountid"] for row in rows["account"])
        return {id for id in ids if oracle.evaluate(id).error is not None}


@functools.cache
def _read(text: str) -> dict[str, Node]:
    """A model as the oracle reads it, once for all histories."""
    model: dict[str, Node] = load(text)
    return model


def _differences(oracle: Oracle, row: Any, options: Mapping[Any, Any]) -> Iterator[str]:
    id = row[f"{oracle.model['table']}id"]
    due = oracle.evaluate(id)
    if not due.in_population or due.error is not None:
        return
    for column, wanted in (("gs_score", due.score), ("gs_grade", options.get(due.grade))):
        stored = row.get(column)
        if column in oracle.model["output"].values() and stored != wanted:
            yield f"{id}: {column} is {stored}, should be {wanted}"


def _options(book: Rulebook, model: str) -> Mapping[Any, Any]:
    compiled = next(each for each in book.models if each.model.id == model)
    found = [output.target.options for output in compiled.outputs if output.role == "grade"]
    return {grade: int(option) for options in found for grade, option in options.items()}


@functools.cache
def scene() -> Scene:
    """The one scene of this process."""
    emulated = Emulated(NOON)
    org = emulated.deploy(CUSTOMERS, ORDERS)
    schema = org.rulebook.schema
    books = {
        text: open_rulebook(sources_of((text, ORDERS)), schema) for text in (CUSTOMERS, LENIENT)
    }
    for number in (1, 2):
        _customer(emulated, number)
    emulated.user("POST", "lists", {"listid": guid("list", 1), "listname": "list"})
    for table in ("account", "salesorder"):
        ids = tuple(guid(table, number) for number in (1, 2))
        recompute(org.rulebook.by_table(table), org.store, Scope(table, ids), NOON)
    with emulated.org.transaction() as tx:
        start = {table: taken(tx.connection, table) for table in TABLES}
    return Scene(emulated, org, books, start)


def _customer(emulated: Emulated, number: int) -> None:
    account = guid("account", number)
    bind = {"customerid_account@odata.bind": f"/accounts({account})"}
    emulated.user("POST", "accounts", {"accountid": account, "name": f"account {number}"})
    invoice = {"invoiceid": guid("invoice", number), "name": "invoice", "totalamount": 10}
    emulated.user("POST", "invoices", invoice | bind)
    order = {"salesorderid": guid("salesorder", number), "name": "order"}
    emulated.user("POST", "salesorders", order | bind)
