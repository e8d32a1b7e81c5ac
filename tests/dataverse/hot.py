"""Accounts with few and many invoices, and the aggregates over them, for tests of figures."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from gradesys.dataverse.store import DataverseStore
from gradesys.records import Page, Plan, Schema, Scope
from gradesys.rules.compile import compile_model
from gradesys.rules.document import Document
from gradesys.rules.evaluation import Evaluation
from gradesys.rules.parse import parse_data
from gradesys.rules.scorecard import Scorecard
from tests.dataverse.emulated import TYPE, account_id, contact_id, invoice_id
from tests.oracle.evaluate import evaluate
from tests.oracle.values import exact
from tests.rules.drawn import ours

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
PAGE = 7
SIZES = (0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1, 60)
"""Invoices of the accounts 0, 1, 2, …: around the ends of pages."""
ORDER_ID = "50000000-0000-4000-8000-000000000001"
NUMBERS = ("totalamount_base", "discountpercentage", "importsequencenumber")
DAYS = ("duedate", "createdon")
Json = dict[str, Any]


def invoices(seed: int = 1) -> list[Json]:
    """Random rows with nulls, huge and tiny amounts, both kinds of customer, Persian names."""
    dice = random.Random(seed)
    owners = [number for number, size in enumerate(SIZES) for _ in range(size)]
    rows = [_invoice(dice, place, owner) for place, owner in enumerate(owners)]
    dice.shuffle(rows)
    others = [_invoice(dice, 1000 + n, None) for n in range(5)]
    return rows + others


def _invoice(dice: random.Random, place: int, owner: int | None) -> Json:
    def maybe(value: Any) -> Any:
        return None if dice.random() < 0.2 else value

    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(90 * 86400))
    return {
        "invoiceid": invoice_id(place),
        "name": maybe(dice.choice(["شركت", "شرکت", "b"])),
        "totalamount_base": maybe(Decimal(dice.randrange(-(10**14), 10**14)).scaleb(-4)),
        "discountpercentage": maybe(Decimal(dice.randrange(10**7)).scaleb(-5)),
        "importsequencenumber": maybe(dice.randrange(-(2**31), 2**31)),
        "duedate": maybe((date(2026, 1, 1) + timedelta(days=dice.randrange(90))).isoformat()),
        "createdon": maybe(moment.isoformat().replace("+00:00", "Z")),
        "statecode": maybe(dice.choice([0, 2])),
        "ispricelocked": maybe(dice.random() < 0.5),
        "_salesorderid_value": maybe(ORDER_ID),
        "_customerid_value": contact_id(1) if owner is None else account_id(owner),
        f"_customerid_value{TYPE}": "contact" if owner is None else "account",
    }


def organisation(rows: list[Json]) -> dict[str, list[Json]]:
    """The file that an emulator loads."""
    return {
        "account": [{"accountid": account_id(n), "name": "الف"} for n in range(len(SIZES))],
        "contact": [{"contactid": contact_id(1)}],
        "salesorder": [
            {"salesorderid": ORDER_ID, "statecode": 3, "createdon": "2026-02-20T08:00:00Z"}
        ],
        "invoice": rows,
    }


def oracle_tables(rows: list[Json]) -> dict[str, list[Json]]:
    """The same rows as a case file has them."""
    of_case = []
    for row in rows:
        case = {name: value for name, value in row.items() if not name.startswith("_")}
        case["customerid"] = row["_customerid_value"]
        case["customerid@type"] = row[f"_customerid_value{TYPE}"]
        case["salesorderid"] = row["_salesorderid_value"]
        of_case.append(case)
    tables = organisation(rows)
    return {**tables, "invoice": of_case}


def model(filter: Json, window: Json | None, needs_rows: bool = False) -> Json:
    """Every aggregate that figures can answer, over the same rows."""
    common: Json = {"type": "aggregate", "of": "invoice", "lookup": "customerid", "filter": filter}
    common |= {"window": window} if window else {}
    wanted: list[Json] = [{"op": "count"}, {"op": "any"}]
    wanted += [{"op": op, "column": c} for op in ("sum", "avg", "min", "max") for c in NUMBERS]
    wanted += [{"op": op, "column": c, "scored": False} for op in ("min", "max") for c in DAYS]
    wanted += [{"op": "median", "column": NUMBERS[0]}] if needs_rows else []
    indicators = {f"i{n}": {**common, **each} for n, each in enumerate(wanted)}
    return {"schema": "gradesys/v1", "id": "hot", "table": "account", "indicators": indicators}


@dataclass(frozen=True, slots=True)
class Paging:
    """A store that never hears that figures would do: it pages through."""

    store: DataverseStore

    def pages(self, plan: Plan) -> list[Page]:
        reads = tuple(replace(read, figures=None) for read in plan.reads)
        return list(self.store.pages(Plan(reads, plan.scope)))


def plan_for(model: Json, schema: Schema, account: int) -> tuple[Evaluation, Plan]:
    compiled = compile_model(parse_data(Document(ours(exact(model)), "hot")), schema)
    evaluation = Evaluation([compiled], NOW)
    return evaluation, Plan(evaluation.reads, Scope("account", (account_id(account),)))


def card(evaluation: Evaluation, pages: Iterable[Page]) -> Scorecard:
    """The one record's score and what it rests on."""
    for page in pages:
        evaluation.add(page)
    (result,) = evaluation.results()
    assert not result.errors
    return result.cards["hot"]


def told(card: Scorecard) -> tuple[Any, ...]:
    """Everything that rows decide; each fold tells how many entered it."""
    return card.score, card.values, card.points, card.facts.folds


def judged(model: Json, tables: dict[str, list[Json]], account: int) -> Json:
    """What the independent evaluator says."""
    found = evaluate(model, tables, account_id(account), NOW)
    assert found.error is None
    return dict(found.values)
