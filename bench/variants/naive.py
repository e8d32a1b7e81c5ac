"""As a first script would do it: ``json.loads``, dicts, the rows of each account in a list."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from bench.data import Pages
from bench.expected import GRADES, INDUSTRIES, TODAY
from bench.variants.outcome import LINES, WINDOW, Outcome, outcome

Record = dict[str, Any]


def run(pages: Pages) -> Outcome:
    """Everything is in memory before the first account is scored."""
    children: dict[str, dict[str, list[Record]]] = {}
    for table in ("invoice", "opportunity"):
        children[table] = defaultdict(list)
        for row in _rows(pages, table):
            children[table][row["_customerid_value"]].append(row)
    accounts = list(_rows(pages, "account"))
    return outcome(_graded(row, children) for row in accounts)


def _rows(pages: Pages, table: str) -> Iterator[Record]:
    for page in pages.of(table):
        yield from json.loads(page)["value"]


def _graded(row: Record, children: dict[str, dict[str, list[Record]]]) -> tuple[int, str, bool]:
    id = row["accountid"]
    invoices = [each for each in children["invoice"].get(id, ()) if _counts(each)]
    opportunities = children["opportunity"].get(id, ())
    paid = sum(each["totalamount_base"] or 0 for each in invoices)
    open_amounts = (
        each["estimatedvalue_base"] or 0 for each in opportunities if not each["statecode"]
    )
    points = (
        0.3 * _line("paid", paid)
        + 0.2 * _recency(max((each["createdon"] for each in invoices), default=None))
        + 0.2 * _line("pipeline", sum(open_amounts))
        + 0.1 * _revenue(row["revenue"])
        + 0.1 * _line("employees", row["numberofemployees"] or 0)
        + 0.05 * (0 if row["industrycode"] is None else INDUSTRIES.get(row["industrycode"], 20))
        + 0.05 * (0 if row["creditonhold"] else 100)
    )
    hundredths = int(round(points * 100, 6) + 0.5)
    grade = next((grade for grade, least in GRADES if hundredths >= least * 100), "D")
    stored = None if row["gs_score"] is None else round(row["gs_score"] * 100)
    return hundredths, grade, (stored, row["gs_grade"]) != (hundredths, grade)


def _counts(invoice: Record) -> bool:
    first, before = WINDOW
    return bool(invoice["statecode"] == 2 and first <= invoice["createdon"] < before)


def _line(name: str, value: float) -> float:
    return min(max(value, 0), LINES[name]) * 100 / LINES[name]


def _recency(last: str | None) -> int:
    if last is None:
        return 0
    days = (TODAY - date.fromisoformat(last[:10])).days
    return 100 if days < 30 else 70 if days < 90 else 40 if days < 180 else 10


def _revenue(value: float | None) -> int:
    steps = ((5_000_000, 100), (1_000_000, 80), (500_000, 60), (100_000, 30))
    return 0 if value is None else next((points for least, points in steps if value >= least), 0)
