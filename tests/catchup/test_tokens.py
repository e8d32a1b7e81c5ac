"""Tokens that expire, that belong to other rules, and a table that may not be read."""

from __future__ import annotations

from datetime import timedelta

from gradesys.catchup.rounds import go_round
from gradesys.catchup.tokens import keep_reading_place, known_token, reading_place
from gradesys.catchup.tracked import State, catch_up
from gradesys.dataverse.deltas import Deltas
from gradesys.resync import overdue
from tests.catchup.outpost import PAID, Customer, Outpost
from tests.emulator.serving import NOW

FAULTS = "_emulator/faults"


def test_fault_36_an_expired_token_has_the_models_that_read_the_table_resynced(
    post: Outpost, customer: Customer
) -> None:
    post.change("invoices", customer.open, PAID)
    assert overdue(post.app.context()) == ()
    post.server.org.clock = lambda: NOW + timedelta(days=8)
    found = post.round()
    assert set(found.lost) == {"account", "invoice", "opportunity", "salesorder"}
    assert overdue(post.app.context()) == ("customer_grade", "order_priority")
    assert customer.account in post.wrong()
    post.resync()
    assert (overdue(post.app.context()), post.wrong()) == ((), set())
    assert post.round().lost == []


def test_only_the_readers_of_a_lost_table_are_resynced(post: Outpost) -> None:
    entry = post.app.ledger.get("delta/invoice")
    broken = {**entry.value, "link": entry.value["link"].replace("deltatoken=", "deltatoken=x")}
    post.app.ledger.put_if("delta/invoice", broken, entry.version)
    found = post.round()
    assert (found.lost, overdue(post.app.context())) == (["invoice"], ("customer_grade",))
    assert found.tables["invoice"].state is State.LOST


def test_other_rules_need_other_columns_and_lose_no_change_on_the_way(
    post: Outpost, customer: Customer
) -> None:
    entry = post.app.ledger.get("delta/invoice")
    link = entry.value["link"].replace("_customerid_value", "name")
    post.app.ledger.put_if("delta/invoice", {"columns": ["name"], "link": link}, entry.version)
    post.change("invoices", customer.open, PAID)
    found = post.round().tables["invoice"]
    assert (found.state, found.changed) == (State.BEGUN, 1)
    assert post.wrong() == set()
    after = post.app.ledger.get("delta/invoice").value
    assert (after["columns"], post.round().tables["invoice"].changed) == (["customerid"], 0)


def test_a_first_reading_that_was_cut_short_goes_on_where_it_was(post: Outpost) -> None:
    context = post.app.context()
    known, version = known_token(context.ledger, "account")
    assert known is not None
    context.ledger.put_if("delta/account", {}, version)
    deltas = Deltas(post.app.client(), context.rulebook.schema, page_size=1)
    first = next(iter(deltas.first("account", known.columns)))
    keep_reading_place(context.ledger, "account", known.columns, first.place)
    before = post.app.client().requests
    (found,) = [caught for name, caught in catch_up(context, deltas) if name == "account"]
    accounts = len(post.line.rows("accounts?$select=accountid"))
    assert (found.state, found.marked) == (State.BEGUN, 0)
    assert post.app.client().requests - before == 1 + (accounts - 1) + 3
    assert reading_place(context.ledger, "account", known.columns) is None


def test_a_place_that_is_refused_is_forgotten_and_the_next_round_begins_again(
    post: Outpost,
) -> None:
    ledger = post.app.ledger
    known, version = known_token(ledger, "account")
    assert known is not None
    ledger.put_if("delta/account", {}, version)
    keep_reading_place(ledger, "account", known.columns, "accounts?$skiptoken=nonsense")
    assert post.round().tables["account"].state is State.REFUSED
    assert post.round().tables["account"].state is State.BEGUN


def test_a_table_that_may_not_be_read_keeps_no_other_from_being_followed(
    post: Outpost, customer: Customer
) -> None:
    post.change("invoices", customer.open, PAID)
    refusal = {"match": {"path": "/api/data/v9.2/opportunities"}, "status": 403}
    post.line.session.post(f"{post.server.url}/{FAULTS}", json={"rules": [refusal]})
    try:
        found = go_round(post.app)
    finally:
        post.line.session.post(f"{post.server.url}/{FAULTS}", json={})
    assert found.tables["opportunity"].state is State.REFUSED
    assert found.tables["invoice"].changed == 1
