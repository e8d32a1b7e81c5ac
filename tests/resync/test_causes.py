"""The report tells why rows changed, and never calls lost events the passing of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from gradesys.records import Ref
from gradesys.resync import Standing, causes
from tests.engine.world import CUSTOMERS, NOW, ORDERS, Cells, target
from tests.resync.aged import House, add_account, aged_org

RECENT = """
schema: gradesys/v1
id: recent
table: account
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount,
         window: {date: createdon, last: 3 days}}
output: {score: gs_score}
"""
RANKED = CUSTOMERS.replace("{grade: A, min: 100}", "{grade: A, top_percent: 20}")
Change = Callable[[House], None]


def settled(*texts: str, people: int = 10) -> House:
    """Everything scored, as of yesterday."""
    house = House(aged_org(people), texts=texts, now=NOW - timedelta(days=1))
    for place, row in enumerate(house.org.tables["invoice"].values()):
        row["createdon"] = NOW - timedelta(days=place % 5, hours=1)
    house.resync()
    house.now = NOW
    return house


def why(ended: Standing) -> dict[str, int]:
    return dict(ended.causes)


def lose_an_event(house: House) -> None:
    house.org.pay("ia01", 777)


def mark_an_event(house: House) -> None:
    house.org.pay("ia01", 777)
    house.process().marks.mark([target("a01")])


def add_one(house: House) -> None:
    add_account(house.org, "a77", NOW, 5)


def change_rules(house: House) -> None:
    house.texts = (CUSTOMERS.replace("op: sum", "op: max").replace("statecode: 2", "statecode: 0"),)


@pytest.mark.parametrize(
    ("texts", "change", "cause", "rows"),
    [
        pytest.param((CUSTOMERS,), lose_an_event, "drift", 1, id="a lost event"),
        pytest.param((CUSTOMERS,), mark_an_event, "event", 1, id="an event under way"),
        pytest.param((CUSTOMERS,), add_one, "first", 1, id="a new record"),
        pytest.param((CUSTOMERS,), change_rules, "rules", 9, id="other rules"),
        pytest.param((RANKED,), lose_an_event, "ranks", 2, id="other cut points"),
    ],
)
def test_every_changed_row_has_a_cause(
    texts: tuple[str, ...], change: Change, cause: str, rows: int
) -> None:
    house = settled(*texts)
    change(house)
    ended = house.resync()
    assert why(ended) == {cause: rows}
    assert (ended.drift > 0) == (cause == "drift")


def test_a_result_that_follows_another_is_no_drift() -> None:
    house = settled(CUSTOMERS, ORDERS)
    cells: Cells = {"customerid": Ref("account", "a01"), "gs_score": Decimal(10), "createdon": NOW}
    house.org.tables["salesorder"]["o1"] = {"salesorderid": "o1", **cells}
    house.resync()
    lose_an_event(house)
    assert why(house.resync()) == {"drift": 1, "chain": 1}


def test_rows_that_a_day_moved_are_told_from_those_that_lost_an_event() -> None:
    house = settled(RECENT)
    moved = house.resync()
    assert (why(moved), moved.sampled, moved.drifted) == ({"day": moved.changed}, moved.changed, 0)
    assert moved.changed > 0
    house.now = NOW + timedelta(days=1)
    house.org.pay("ia00", 777)
    ended = house.resync()
    assert why(ended)["day"] == ended.changed == ended.sampled
    assert ended.drifted == 1
    assert ended.drift == pytest.approx(1 / ended.read)


def test_drift_is_estimated_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(causes, "SAMPLE", 2)
    house = settled(RECENT, people=30)
    ended = house.resync()
    assert (ended.sampled, ended.drifted) == (2, 0)
    assert ended.changed > 2


def test_the_drift_of_a_model_is_remembered_for_whoever_watches_it() -> None:
    house = settled(CUSTOMERS)
    lose_an_event(house)
    house.resync()
    known = house.process().ledger.get("finished/customers").value
    assert (known["read"], known["drift"]) == (10, pytest.approx(0.1))
    assert datetime.fromisoformat(known["at"]) == NOW
