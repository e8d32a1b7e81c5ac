"""The derived keys hold every truly affected record: random edits against full recomputations.

Tables stay tiny, so that rows move, break and point at one another all the time.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gradesys.records import Event, Key, KeyKind, Plan, Ref, Row, Scope, Value
from gradesys.rules.affected import affected, first_hop, follow
from gradesys.rules.evaluation import Evaluation
from gradesys.rules.subscriptions import steps
from gradesys.rules.tables import MemoryTable, TableStore
from tests.rules.org import rulebook

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
ACCOUNTS = """
id: accounts
table: account
population: {statecode: 0}
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
         filter: {statecode: 2, salesorderid.statecode: {ne: 1}}}
  boss: {type: column, column: ownerid.title, points: {map: {boss: 1000}, otherwise: 0}}
  group: {type: column, column: parentaccountid.parentaccountid.creditlimit}
  kids: {type: aggregate, of: account, lookup: parentaccountid, op: count, weight: 10000}
output: {score: gs_score}
"""
ORDERS = """
id: orders
table: salesorder
indicators:
  limit: {type: column, column: customerid.creditlimit}
  bills: {type: aggregate, of: invoice, lookup: salesorderid, op: sum, column: totalamount_base,
          filter: {customerid.parentaccountid.statecode: 0}}
output: {score: gs_score}
"""
BOOK = rulebook(ACCOUNTS, ORDERS)
STEPS = {(step.table, step.message): step for step in steps(BOOK)}

Tables = Mapping[str, Mapping[str, Row]]
"""Table -> id -> row."""
Draw = Callable[[random.Random], Value]


def number(rng: random.Random) -> Value:
    return Decimal(rng.choice([0, 0, 1, 2, 2, 35]))


def word(rng: random.Random) -> Value:
    return rng.choice(["boss", "clerk", None])


def one_of(*tables: str) -> Draw:
    def reference(rng: random.Random) -> Value:
        table = rng.choice([*tables, *tables, None])
        return None if table is None else Ref(table, f"{table[0]}{rng.randrange(5)}")

    return reference


COLUMNS: Mapping[str, Mapping[str, Draw]] = {
    "account": {
        "statecode": number,
        "creditlimit": number,
        "parentaccountid": one_of("account"),
        "ownerid": one_of("systemuser"),
        "name": word,
    },
    "invoice": {
        "customerid": one_of("account", "contact"),
        "salesorderid": one_of("salesorder"),
        "statecode": number,
        "totalamount_base": number,
        "name": word,
    },
    "salesorder": {"customerid": one_of("account", "contact"), "statecode": number},
    "systemuser": {"title": word},
    "contact": {"accountid": one_of("account")},
}


def row(rng: random.Random, table: str, id: str) -> Row:
    return {f"{table}id": id, **{name: draw(rng) for name, draw in COLUMNS[table].items()}}


@dataclass(frozen=True)
class Edit:
    """The tables after one change, and the event that tells of it."""

    tables: Tables
    event: Event


def edit(rng: random.Random, tables: Tables) -> Edit:
    """Create, update or delete one row; the event holds what its step would send."""
    table = rng.choice([name for name in COLUMNS for _ in COLUMNS[name]])
    id = f"{table[0]}{rng.randrange(5)}"
    old = tables[table].get(id)
    new = None if old is not None and rng.random() < 0.2 else row(rng, table, id)
    message = "Create" if old is None else "Delete" if new is None else "Update"
    if old is not None and new is not None:
        touched = rng.choices(sorted(COLUMNS[table]), k=rng.choice([1, 1, 2]))
        new = {**old, **{name: new[name] for name in touched}}
    rows = {key: value for key, value in tables[table].items() if key != id}
    after = {**tables, table: rows if new is None else {**rows, id: new}}
    return Edit(after, degraded(rng, told(table, id, message, (old, new))))


def told(table: str, id: str, message: str, rows: tuple[Row | None, Row | None]) -> Event:
    old, new = rows
    changed = frozenset(
        name for name in COLUMNS[table] if (old or {}).get(name) != (new or {}).get(name)
    )
    image = STEPS[table, message].image if (table, message) in STEPS else ()
    before = None if old is None or not image else lookups(old, frozenset(image))
    after = None if new is None else lookups(new, changed if old is not None else frozenset(new))
    return Event(message, table, id, "org", before, after, changed if message == "Update" else None)


def lookups(row: Row, names: frozenset[str]) -> dict[str, Ref | None]:
    values = ((name, row[name]) for name in sorted(names))
    return {name: value for name, value in values if value is None or isinstance(value, Ref)}


def degraded(rng: random.Random, event: Event) -> Event:
    """Now and then a body says less: what can be looked up, or was never told, may be missing."""
    if event.message == "Create" and rng.random() < 0.3:
        return replace(event, after=None)
    if event.message == "Update" and rng.random() < 0.3:
        return replace(event, changed=None)
    if event.message == "Update" and not event.after and rng.random() < 0.3:
        return replace(event, before=None, after=None)
    return event


def keys_of(event: Event) -> frozenset[Key]:
    """What the service would mark, given that only subscribed steps send events."""
    step = STEPS.get((event.table, event.message))
    fires = step is not None and (not event.changed or event.changed & set(step.filtering))
    return affected(BOOK, event) if fires else frozenset()


def targets(keys: frozenset[Key], tables: Tables) -> Iterator[tuple[str, str]]:
    """Resolve and expand keys until only records are left."""
    for key in keys:
        if key.kind is KeyKind.TARGET:
            yield key.table, key.id
        elif key.kind is KeyKind.RESOLVE:
            found = [tables[key.table][key.id]] if key.id in tables[key.table] else []
            yield from _followed(key.table, found, "", tables)
        else:
            table, lookup = first_hop(key.via)
            parent = Ref(key.table, key.id)
            rows = [each for each in tables[table].values() if each[lookup] == parent]
            yield from _followed(table, rows, key.via, tables)


def _followed(table: str, rows: list[Row], via: str, tables: Tables) -> Iterator[tuple[str, str]]:
    for each in rows:
        yield from targets(follow(BOOK, table, each, via), tables)


def scores(tables: Tables) -> dict[tuple[str, str], object]:
    """Every record of every scored table from scratch."""
    store = TableStore(
        {name: MemoryTable(name, list(rows.values())) for name, rows in tables.items()}
    )
    found: dict[tuple[str, str], object] = {}
    for table in ("account", "salesorder"):
        evaluation = Evaluation(BOOK.by_table(table), NOW)
        for page in store.pages(Plan(evaluation.reads, Scope(table))):
            evaluation.add(page)
        for result in evaluation.results():
            (card,) = result.cards.values()
            found[table, result.id] = card.score
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_record_whose_score_changed_was_marked(seed: int) -> None:
    rng = random.Random(seed)
    tables: Tables = {
        name: {f"{name[0]}{n}": row(rng, name, f"{name[0]}{n}") for n in range(5)}
        for name in COLUMNS
    }
    seen: Counter[str] = Counter()
    before = scores(tables)
    for _ in range(300):
        edited = edit(rng, tables)
        tables, after = edited.tables, scores(edited.tables)
        moved = {key for key in after if before.get(key) != after[key] or key not in before}
        marked = set(targets(keys_of(edited.event), tables))
        assert moved <= marked, edited.event
        seen.update({edited.event.message: 1, "moved": bool(moved), "missed": not marked})
        before = after
    assert min(seen["Create"], seen["Update"], seen["Delete"]) >= 15
    assert seen["moved"] >= 40
    assert seen["missed"] >= 15
