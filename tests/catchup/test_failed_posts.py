"""The list of failed system jobs: what it tells where no change tracking does."""

from __future__ import annotations

from gradesys.catchup.failedjobs import Failures, mark_failed
from gradesys.catchup.rounds import go_round
from gradesys.dataverse.jobs import Jobs
from gradesys.deploy.names import step_id
from gradesys.rules.subscriptions import steps
from tests.catchup.outpost import PAID, Customer, Outpost


def look(post: Outpost, *covered: str) -> Failures:
    """Read the list, and work on what it tells."""
    context = post.app.context()
    ours = {step_id(step): step for step in steps(context.rulebook)}
    post.settle()
    found = mark_failed(context, Jobs(post.app.client()), ours, covered)
    post.work()
    return found


def test_a_failed_post_is_as_good_as_its_event(post: Outpost, customer: Customer) -> None:
    post.change("invoices", customer.open, PAID)
    assert customer.account in post.wrong()
    found = look(post)
    assert (found.jobs, found.unknown) == (1, 0)
    assert post.wrong() == set()


def test_a_job_is_answered_once(post: Outpost, customer: Customer) -> None:
    post.change("invoices", customer.open, PAID)
    assert [look(post).jobs for _ in range(3)] == [1, 0, 0]
    post.change("invoices", customer.open, {"totalamount": 70})
    assert look(post).jobs == 1


def test_a_failed_post_of_a_deletion_does_not_tell_whom_it_concerns(
    post: Outpost, customer: Customer
) -> None:
    post.delete("invoices", customer.paid)
    found = look(post)
    assert (found.jobs, found.marked, found.unknown) == (1, 0, 1)
    assert post.wrong() == {customer.account}


def test_jobs_that_name_no_row_are_counted_and_change_tracking_does_without_them(
    post: Outpost, customer: Customer
) -> None:
    post.change("invoices", customer.open, PAID)
    post.settle()
    org = post.server.org
    with org.transaction() as tx:
        table = org.definitions.tables["asyncoperation"]
        for job in org.rows("asyncoperation"):
            unnamed = {"regardingobjectid": None, "regardingobjectid@type": None}
            tx.overwrite(table, job["asyncoperationid"], unnamed)
    found = look(post)
    assert (found.jobs, found.marked, found.unknown) == (1, 0, 1)
    post.round()
    assert post.wrong() == set()


def test_jobs_of_a_followed_table_are_left_to_change_tracking(
    post: Outpost, customer: Customer
) -> None:
    post.change("invoices", customer.open, PAID)
    post.settle()
    found = go_round(post.app)
    assert (found.failures.jobs, found.failures.covered, found.failures.marked) == (1, 1, 0)
    assert found.tables["invoice"].marked == 1


def test_whoever_may_not_read_system_jobs_does_without_them(
    post: Outpost, customer: Customer
) -> None:
    post.change("invoices", customer.open, PAID)
    refusal = {"match": {"path": "/api/data/v9.2/asyncoperations"}, "status": 403}
    post.line.session.post(f"{post.server.url}/_emulator/faults", json={"rules": [refusal]})
    try:
        found = post.round()
    finally:
        post.line.session.post(f"{post.server.url}/_emulator/faults", json={})
    assert list(found.refused) == ["failed system jobs"]
    assert (found.drift.color, post.wrong()) == ("green", set())
