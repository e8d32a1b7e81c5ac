"""How a population is cut: every record in exactly one part, whatever its age."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from gradesys.resync import plan
from gradesys.resync.plan import divide
from gradesys.span import CREATED
from tests.engine.world import CUSTOMERS, NOW, MemoryOrg
from tests.resync.aged import FIRST, House, add_account, aged_org

RANKED = CUSTOMERS.replace("{grade: A, min: 100}", "{grade: A, top_percent: 20}")
FAR = """
schema: gradesys/v1
id: far
table: account
indicators:
  orders: {type: aggregate, of: salesorder, op: count,
           path: [{child: invoice, lookup: customerid}, {parent: account, lookup: customerid},
                  {child: salesorder, lookup: customerid}]}
output: {score: gs_score}
"""


def of_one_second() -> MemoryOrg:
    """Twenty accounts imported in the same second, ten before and ten after."""
    org = aged_org(0)
    for place in range(40):
        born = FIRST + timedelta(days=min(10, max(0, place - 10)) if place < 30 else place)
        add_account(org, f"a{place:02}", born, place)
    return org


def without_ages() -> MemoryOrg:
    org = aged_org()
    for row in org.tables["account"].values():
        row[CREATED] = None
    return org


@pytest.mark.parametrize("rows", [1, 4, 10, 29, 30, 1000])
@pytest.mark.parametrize("most_counted", [50_000, 6, 1, 0])
@pytest.mark.parametrize("org", [aged_org, of_one_second, without_ages])
def test_every_record_is_in_exactly_one_part(
    monkeypatch: pytest.MonkeyPatch, org: Callable[[], MemoryOrg], rows: int, most_counted: int
) -> None:
    monkeypatch.setattr(plan, "PARTITION_ROWS", rows)
    house = House(org())
    house.org.most_counted = most_counted
    context = house.process()
    spans = divide(context, context.rulebook.models, NOW).spans
    for row in house.org.tables["account"].values():
        assert sum(span.holds(row[CREATED]) for span in spans) == 1
    assert sum(span.holds(None) for span in spans) == 1


def test_parts_are_of_about_the_same_size(small: None) -> None:
    house = House()
    context = house.process()
    division = divide(context, context.rulebook.models, NOW)
    ages = [row[CREATED] for row in house.org.tables["account"].values()]
    sizes = [sum(map(span.holds, ages)) for span in division.spans]
    assert division.rows == 30
    assert len(sizes) <= 4
    assert max(sizes) <= 10


@pytest.mark.parametrize("text", [RANKED, FAR])
def test_what_needs_more_than_its_own_rows_is_not_cut_and_not_counted(
    small: None, text: str
) -> None:
    house = House(texts=(text,))
    context = house.process()
    assert len(divide(context, context.rulebook.models, NOW).spans) == 1
    assert house.org.calls == []


def test_a_small_population_costs_one_count(small: None) -> None:
    house = House(aged_org(9))
    context = house.process()
    division = divide(context, context.rulebook.models, NOW)
    assert (len(division.spans), division.rows, house.org.calls) == (1, 9, ["count"])


@pytest.mark.parametrize(
    ("most_counted", "together", "counts"), [(50_000, 64, 3), (8, 16, 3), (8, 4, 5)]
)
def test_an_even_population_is_counted_in_few_rounds(
    monkeypatch: pytest.MonkeyPatch, most_counted: int, together: int, counts: int
) -> None:
    monkeypatch.setattr(plan, "PARTITION_ROWS", 20)
    monkeypatch.setattr(plan, "TOGETHER", together)
    house = House(aged_org(60))
    house.org.most_counted = most_counted
    context = house.process()
    assert 3 <= len(divide(context, context.rulebook.models, NOW).spans) <= 4
    assert house.org.calls == ["count"] * counts  # the second asks for both ends
