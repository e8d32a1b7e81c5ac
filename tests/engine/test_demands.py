"""A demanded resync: who answers it, and who does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradesys.catchup.demands import demand, last_demand
from gradesys.engine import Context
from gradesys.resync import Wish, overdue, resync
from tests.engine.world import MemoryOrg, context_of, small_org


@pytest.fixture
def org() -> MemoryOrg:
    return small_org()


@pytest.fixture
def context(org: MemoryOrg, tmp_path: Path) -> Context:
    """Everything is resynced."""
    found = context_of(org, tmp_path)
    run(found)
    return found


def run(context: Context, *models: str, dry_run: bool = False) -> None:
    resync(context, Wish(models, dry_run=dry_run), lambda tally: None)


def test_a_demanded_model_is_overdue_until_it_is_resynced(context: Context) -> None:
    assert overdue(context) == ()
    demand(context.ledger, ["customers"], "for a test")
    assert overdue(context) == ("customers",)
    run(context, "orders")
    run(context, "customers", dry_run=True)
    assert overdue(context) == ("customers",)
    run(context, "customers")
    assert overdue(context) == ()


def test_a_resync_that_began_to_read_before_a_demand_does_not_answer_it(
    context: Context, org: MemoryOrg
) -> None:
    def interrupt(call: str) -> None:
        if call == "read" and not last_demand(context.ledger, "customers"):
            demand(context.ledger, ["customers"], "for a test")

    org.before = interrupt
    run(context)
    assert overdue(context) == ("customers",)
    run(context)
    assert overdue(context) == ()
