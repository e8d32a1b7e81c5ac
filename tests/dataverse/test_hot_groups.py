"""Records read together, of which some have more rows than a page: nobody waits for those."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gradesys.records import Scope
from tests.dataverse.emulated import Org, account_id
from tests.dataverse.hot import PAGE, SIZES, judged, model, plan_for
from tests.dataverse.test_hot_records import ORACLE, hot_org, partials

__all__ = ["hot_org"]
EVERY = Scope("account", tuple(account_id(number) for number in range(len(SIZES))))


@pytest.mark.parametrize("needs_rows", [False, True])
def test_a_group_gives_what_each_record_gives(hot_org: Org, needs_rows: bool) -> None:
    asked = model({"statecode": 2}, None, needs_rows)
    evaluation, plan = plan_for(asked, hot_org.schema, 0)
    for page in hot_org.store.pages(replace(plan, scope=EVERY)):
        evaluation.add(page)
    found = {result.id: result.cards["hot"].values for result in evaluation.results()}
    for number in range(len(SIZES)):
        assert found[account_id(number)] == judged(asked, ORACLE, number)


def test_only_the_hot_ones_of_a_group_are_told_as_figures(hot_org: Org) -> None:
    _, plan = plan_for(model({}, None), hot_org.schema, 0)
    pages = list(hot_org.store.pages(replace(plan, scope=EVERY)))
    assert partials(pages) == sum(size > PAGE for size in SIZES)
