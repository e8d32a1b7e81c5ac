"""What changed rows tell by themselves: every record, but those that a row belonged to before."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from gradesys.errors import RecordError
from gradesys.records import Key, KeyKind, Ref, Row
from gradesys.rules.clock import Moment
from gradesys.rules.rowevents import followed, keys_of_deleted, keys_of_rows, readers
from gradesys.rules.rulebook import Rulebook
from tests.oracle.values import exact
from tests.rules.changing import Changer, Tables
from tests.rules.drawn import metadata, ours
from tests.rules.org import CUSTOMER_GRADE, ORDER_PRIORITY, rulebook
from tests.rules.test_affected_records import complete, far_reaching, watched
from tests.rules.test_link_events import LISTS

BOOK = rulebook(CUSTOMER_GRADE, ORDER_PRIORITY)
A1, S1 = Ref("account", "a1"), Ref("salesorder", "s1")


def target(table: str, id: str) -> Key:
    return Key(KeyKind.TARGET, table, id)


def test_a_table_is_followed_with_the_lookups_that_lead_up() -> None:
    assert followed(BOOK) == {
        "account": (),
        "contact": (),
        "invoice": ("customerid", "salesorderid"),
        "salesorder": (),
        "systemuser": (),
    }
    assert readers(BOOK, "invoice") == ("customer_grade", "order_priority")
    assert readers(BOOK, "systemuser") == ("customer_grade",)


def test_a_changed_row_leads_to_the_parents_that_it_has_now() -> None:
    row: Row = {"invoiceid": "I1", "customerid": A1, "salesorderid": S1}
    found = keys_of_rows(BOOK, "invoice", [row])
    assert found == {target("account", "a1"), target("salesorder", "s1")}
    nobody: Row = {"invoiceid": "i2", "customerid": None, "salesorderid": None}
    assert keys_of_rows(BOOK, "invoice", [nobody]) == frozenset()


def test_a_row_without_its_lookups_is_looked_up() -> None:
    found = keys_of_rows(BOOK, "invoice", [{"invoiceid": "i1"}])
    assert found == {Key(KeyKind.RESOLVE, "invoice", "i1")}


def test_a_deleted_row_leads_to_itself_only_where_it_was_scored() -> None:
    assert target("account", "a1") in keys_of_deleted(BOOK, "account", ["a1"])
    assert keys_of_deleted(BOOK, "invoice", ["i1"]) == frozenset()


def test_a_row_of_links_leads_to_its_near_end_by_the_id_in_its_column() -> None:
    link: Row = {"listmemberid": "m1", "listid": "l1", "entityid": "A1"}
    assert keys_of_rows(LISTS, "listmember", [link]) == {target("account", "a1")}


@pytest.mark.random
def test_every_record_is_found_but_those_that_a_row_belonged_to_before() -> None:
    schema, seen = metadata(), Counter[str]()
    for number, case in enumerate(far_reaching(0)):
        plain = ours(exact(case))
        world = watched(plain, schema)
        tables: Tables = {
            name: complete(name, rows, schema) for name, rows in plain["tables"].items()
        }
        scored = plain["model"]["table"]
        linked = scored if scored in ("account", "contact") else "account"
        today = Moment(world.now, world.book.models[0].calendar).today
        changer = Changer(random.Random(number), schema, world.images, linked, today)
        try:
            before = world.results(tables)
        except RecordError:
            continue
        for _ in range(12):
            edited = changer.edit(tables).tables
            after = world.results(edited)
            moved = {key for key in after if before.get(key, "") != after[key]}
            keys, left = told(world.book, tables, edited)
            if left:
                seen["left"] += 1
            else:
                assert moved <= set(world.targets(keys, edited)), number
                seen.update(["found"] * bool(moved))
            tables, before = edited, after
    print(dict(seen))
    assert seen["found"] > 20
    assert seen["left"] > 20


def told(book: Rulebook, before: Tables, after: Tables) -> tuple[frozenset[Key], bool]:
    """What change tracking gives for one edit, and whether a row left somebody."""
    found, left = frozenset[Key](), False
    for table, lookups in followed(book).items():
        id_column = book.schema[table].id_column
        for id_, old, new in differing(before[table], after[table]):
            if new is None:
                found |= keys_of_deleted(book, table, [id_])
            else:
                row = {name: new.get(name) for name in (id_column, *lookups)}
                found |= keys_of_rows(book, table, [row])
            new = new or {}
            left |= old is not None and any(old.get(name) != new.get(name) for name in lookups)
    return found, left


def differing(
    before: Mapping[str, Row], after: Mapping[str, Row]
) -> Iterator[tuple[str, Row | None, Row | None]]:
    """The rows that an edit touched, as they were and are."""
    for id_ in before.keys() | after.keys():
        old, new = before.get(id_), after.get(id_)
        if old != new:
            yield id_, old, new
