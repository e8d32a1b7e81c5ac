"""Batches on a running organisation: row by row where nothing else is offered, 100 reads each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from emulator.webhooks.messages import filter_id
from gradesys.changes import Change, Fate, Outcome
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import load_schema
from gradesys.dataverse.store import DataverseStore
from gradesys.records import Compare, Plan, Read, Scope
from tests.dataverse.emulated import TABLES, Org, account_id, contact_id
from tests.emulator.serving import OrgServer

THREE = Decimal(3)
WRITABLE = {"contact": frozenset({"numberofchildren"}), "account": frozenset({"description"})}


@pytest.fixture(scope="module")
def plain_org(data: Path, start_server: Callable[..., OrgServer]) -> Iterator[Org]:
    """No UpdateMultiple for contacts is offered, and a batch may read 100 times."""
    server = start_server(data=data)
    with server.org.transaction() as tx:
        tx.delete("sdkmessagefilter", filter_id("UpdateMultiple", "contact"))
    server.send("POST", f"{server.url}/_emulator/faults", {"limits": {"requests": 10**6}})
    with closing(Client(server.url, lambda: None)) as client:
        schema = load_schema(client, TABLES)
        assert not schema["contact"].bulk_update
        assert schema["account"].bulk_update
        yield Org(server, client, schema, DataverseStore(client, schema, WRITABLE))
    assert server.unsupported() == 0


def change(number: int) -> Change:
    children = Decimal(10**12) if number in (17, 203) else THREE
    return Change("contact", contact_id(number), {"numberofchildren": children})


def test_bad_rows_among_good_ones_are_told_and_the_others_written(plain_org: Org) -> None:
    changes = [*map(change, range(250)), change(6000)]
    outcomes: list[Outcome] = []
    spent = plain_org.requests_of(lambda: outcomes.extend(plain_org.store.write(changes).outcomes))
    assert [outcome.change for outcome in outcomes] == changes
    unwritten = {o.change.id: o.fate for o in outcomes if o.fate is not Fate.WRITTEN}
    assert unwritten == {
        contact_id(17): Fate.REFUSED, contact_id(203): Fate.REFUSED, contact_id(6000): Fate.GONE,
    }  # fmt: skip
    where = Compare("numberofchildren", "eq", THREE)
    read = Read("contact", ("contactid",), "contactid", "contact", where)
    assert len(plain_org.rows(read, Scope("contact"))) == 248
    assert spent == 3


def reads(count: int) -> list[Read]:
    def where(number: int) -> Compare:
        return Compare("creditlimit", "ge", Decimal(number))

    contacts = Read("contact", ("contactid",), "contactid", "contact")
    return [replace(contacts, where=where(number)) for number in range(count)]


@pytest.mark.parametrize(("count", "requests"), [(100, 1), (101, 2), (250, 3)])
def test_a_batch_reads_a_hundred_times_at_most(plain_org: Org, count: int, requests: int) -> None:
    plan = Plan(tuple(reads(count)), Scope("contact", (contact_id(4000),)))
    found: list[int] = []

    def work() -> None:
        found.extend(len(page.rows) for page in plain_org.store.pages(plan))

    assert plain_org.requests_of(work) == requests
    assert found == [1] * 8 + [0] * (count - 8)


def test_a_write_with_many_verifying_reads_keeps_to_it_as_well(plain_org: Org) -> None:
    plan = Plan(tuple(reads(120)), Scope("contact", (contact_id(4000),)))
    changes = [Change("account", account_id(1), {"description": "دلیل"})]
    written = plain_org.store.write(changes, plan)
    assert [outcome.fate for outcome in written.outcomes] == [Fate.WRITTEN]
    assert len(written.pages) == 120


def test_metadata_of_many_tables_is_read_in_batches_that_are_let_in(plain_org: Org) -> None:
    many = (*TABLES, "incident", "lead", "opportunity", "quote", "systemuser", "team", "task")
    spent = plain_org.requests_of(lambda: load_schema(plain_org.client, many))
    assert spent == 2
