"""A deploy plan as a table, and the work that the rules will be."""

import pytest

from gradesys.cli.plantable import estimate_lines, plan_lines
from gradesys.deploy.actions import Action, ActionKind, leave, remove
from gradesys.deploy.estimate import Estimate, row_counts
from tests.deploy.conftest import client, org, start_server
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

__all__ = ["client", "org", "start_server"]


def test_a_plan_is_a_table_that_ends_with_its_counts() -> None:
    change = Action(ActionKind.CHANGE, "column account.gs_score", "definition")
    assert [*plan_lines([change, leave("table gs_run"), remove("step x", "steps(1)")])] == [
        "         thing                    why",
        "change   column account.gs_score  definition",
        "leave    table gs_run",
        "remove   step x",
        "1 change, 1 leave, 1 remove",
    ]


@pytest.mark.parametrize(
    ("scored", "nightly", "first"),
    [
        ({"best": 12_345}, 9, "12,345 records (best 12,345), about 133 requests"),
        ({"best": 100, "churn": 101}, 2, "201 records (best 100, churn 101), about 5 requests"),
        ({"best": 0}, 1, "0 records (best 0), about 1 requests"),
    ],
)
def test_the_first_resync_reads_everything_and_writes_a_hundred_records_a_request(
    scored: dict[str, int], nightly: int, first: str
) -> None:
    told = [*estimate_lines(Estimate(scored, nightly))]
    assert told == [
        f"first writes: at most {first}",
        f"each night: about {nightly} requests, besides those of the day's events",
    ]


def test_rows_are_counted_by_the_organisation(org: OrgServer, client: WatchedClient) -> None:
    for name in "abc":
        org.create("accounts", name=name)
    assert row_counts(client, ["invoice", "account"]) == {"account": 3, "invoice": 0}
    assert row_counts(client, []) == {}
