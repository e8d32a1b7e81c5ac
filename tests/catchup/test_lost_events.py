"""Events that nobody received: what a round puts right, and exactly what it leaves to the night."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradesys.catchup.tracked import State
from gradesys.records import Key, KeyKind
from tests.catchup.outpost import PAID, Customer, Outpost
from tests.line.running import Json

Edit = Callable[[Outpost, Customer], None]


def of(account: str) -> Json:
    """A row of this account."""
    return {"name": "new", "customerid_account@odata.bind": f"/accounts({account})"}


def pay(post: Outpost, customer: Customer) -> None:
    post.change("invoices", customer.open, PAID)


def pay_another_amount(post: Outpost, customer: Customer) -> None:
    post.change("invoices", customer.open, {**PAID, "totalamount": 4321.5})


def create_paid(post: Outpost, customer: Customer) -> None:
    invoice = post.create("invoices", of(customer.account) | {"totalamount": 9000})
    post.change("invoices", invoice, PAID)


def open_opportunity(post: Outpost, customer: Customer) -> None:
    post.create("opportunities", of(customer.account) | {"estimatedvalue": 9000})


def spoil_score(post: Outpost, customer: Customer) -> None:
    """Nobody else writes our columns; whoever does is corrected, although no step listens."""
    post.change("accounts", customer.account, {"gs_score": 99.5, "gs_reasons": "by hand"})


def add_account(post: Outpost, customer: Customer) -> None:
    post.create("accounts", {"name": "new"})


EDITS = [pay, pay_another_amount, create_paid, open_opportunity, spoil_score, add_account]


@pytest.mark.parametrize("edit", EDITS)
def test_a_round_puts_right_what_is_still_there(
    post: Outpost, customer: Customer, edit: Edit
) -> None:
    edit(post, customer)
    assert post.wrong() != set()
    assert post.round().marked > 0
    assert post.wrong() == set()


def test_a_score_that_reads_the_changed_score_follows(post: Outpost, customer: Customer) -> None:
    before = post.score("salesorders", customer.order)
    create_paid(post, customer)
    post.round()
    assert post.score("salesorders", customer.order) != before
    assert post.wrong() == set()


def test_a_lost_move_leaves_only_the_old_parent_to_the_night(
    post: Outpost, customer: Customer
) -> None:
    other = post.create("accounts", {"name": "other"})
    post.change("invoices", customer.paid, of(other))
    post.round()
    assert post.wrong() == {customer.account}
    post.resync()
    assert post.wrong() == set()


def test_a_lost_deletion_leaves_only_its_parent_to_the_night_and_is_counted(
    post: Outpost, customer: Customer
) -> None:
    post.delete("invoices", customer.paid)
    found = post.round().tables["invoice"]
    assert (found.deleted, found.unknown) == (1, 1)
    assert post.wrong() == {customer.account}
    post.resync()
    assert post.wrong() == set()


def test_a_deleted_record_is_not_brought_back_and_its_parked_key_is_forgotten(
    post: Outpost, customer: Customer
) -> None:
    key = Key(KeyKind.TARGET, "account", customer.account)
    post.app.marks.park(key, "", "for a test")
    post.delete("accounts", customer.account)
    found = post.round()
    assert (found.tables["account"].deleted, post.app.marks.parked()) == (1, [])
    assert post.line.api("GET", f"accounts({customer.account})").status_code == 404


def test_a_quiet_org_settles_to_no_mark_and_no_write(post: Outpost, customer: Customer) -> None:
    pay(post, customer)
    first, own = post.round(), post.round()
    written = post.written()
    quiet = [post.round() for _ in range(3)]
    assert (first.tables["invoice"].changed, first.tables["account"].changed) == (1, 0)
    assert (own.tables["invoice"].changed, own.tables["account"].changed) == (0, 1)
    assert [found.marked for found in quiet] == [0, 0, 0]
    assert post.written() == written
    assert post.wrong() == set()


def test_the_first_look_marks_nothing_and_the_second_one_what_came_after(
    post: Outpost, customer: Customer
) -> None:
    post.app.ledger.put_if("delta/invoice", {}, post.app.ledger.get("delta/invoice").version)
    first = post.round().tables["invoice"]
    assert (first.state, first.changed, first.marked) == (State.BEGUN, 0, 0)
    pay(post, customer)
    second = post.round().tables["invoice"]
    assert (second.state, second.changed) == (State.FOLLOWED, 1)
    assert post.wrong() == set()
