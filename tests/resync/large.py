"""A large org for little time: rows go straight into the emulator's database, with known scores."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from emulator.rows.schema import open_database
from emulator.rows.values import decimal_to_sql
from tests.line.running import Json

RULES = """
schema: gradesys/v1
id: customers
title: {en: Customers, fa: مشتریان}
table: account
population: {statecode: 0}
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
         filter: {statecode: 2}}
  count: {type: aggregate, of: invoice, lookup: customerid, op: count}
score: {combine: expression, expression: "paid / 100 + count"}
grades: {bands: [{grade: A, min: 60}, {grade: B, min: 30}, {grade: C}]}
output: {score: gs_score, grade: gs_grade}
"""
FIRST = datetime(2015, 1, 1, tzinfo=UTC)
ACCOUNT = "INSERT INTO account (accountid, statecode, createdon, versionnumber) VALUES (?, 0, ?, 1)"
INVOICE = """
INSERT INTO invoice (invoiceid, statecode, totalamount_base, customerid, "customerid@type",
  createdon, versionnumber) VALUES (?, ?, ?, ?, 'account', ?, 1)
"""


@dataclass(frozen=True, slots=True)
class Large:
    """An org of so many accounts, an invoice each."""

    accounts: int
    seed: int = 300

    def account(self, place: int) -> str:
        """An account's id; ids and ages have nothing to do with one another."""
        return f"{place * 2654435761 % 2**32:08x}-0000-4000-8000-{place:012x}"

    def born(self, place: int) -> str | None:
        """When it was created; most in the later years, a few do not tell."""
        if place % 1000 == 999:
            return None
        years = (place / self.accounts) ** 0.5 * 10
        born = FIRST + timedelta(days=years * 365)
        return born.strftime("%Y-%m-%dT%H:%M:%SZ")

    def fill(self, database: Path) -> None:
        """Store the rows; an emulator may be running on the file."""
        with closing(open_database(str(database))) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(ACCOUNT, self._accounts())
            connection.executemany(INVOICE, self._invoices())
            connection.execute("COMMIT")

    def _accounts(self) -> Iterator[tuple[str, str | None]]:
        return ((self.account(place), self.born(place)) for place in range(self.accounts))

    def _invoices(self) -> Iterator[tuple[object, ...]]:
        dice = random.Random(self.seed)
        for place in range(self.accounts):
            id, state = f"1{place:07x}-0000-4000-8000-{place:012x}", dice.choice((0, 2))
            amount = decimal_to_sql(Decimal(dice.randrange(10_000)))
            yield id, state, amount, self.account(place), "2026-01-01T00:00:00Z"


def case_rows(rows: list[Json], *lookups: str) -> list[Json]:
    """Rows of the Web API as the oracle wants them."""
    found = []
    for row in rows:
        case = {name: value for name, value in row.items() if "@" not in name and name[0] != "_"}
        for name in lookups:
            case[name], case[f"{name}@type"] = row[f"_{name}_value"], "account"
        found.append(case)
    return found
