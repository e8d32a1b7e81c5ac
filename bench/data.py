"""A population as pages of the Web API's bytes, the same in every run of the same size.

Rows look as Dataverse sends them: an ETag each, ids of 36 letters, the currency that nobody asked
for, money with ten decimals or two, instants to the second, nulls, about 300 bytes. Nineteen of
twenty accounts hold the score that they should have, so that one in twenty must be written. Pages
are made once and kept in files: whoever reads them is measured, not their making.

A resync reads a large table in ranges of records by the instant at which they were created, and
the rows of these records with them; so that is how pages come, one range after the other.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, NamedTuple

from bench.expected import TODAY, Fields, Graded, Invoice, Totals

ORG = "https://bench.crm.dynamics.com"
FOLDER = Path(tempfile.gettempdir()) / "gradesys-bench"
"""Where pages are kept between runs."""
TABLES = {"account": "accounts", "invoice": "invoices", "opportunity": "opportunities"}
"""Entity sets by table."""
PAGE_ROWS = 5_000
RANGE_ROWS = 25_000
"""Accounts of a range, as many as a partition of a resync is meant to have."""
CURRENCY = "6b1f0f2e-54a1-4b0e-9a35-0d3c1d7e5a10"
_NEWEST = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=UTC)
_OLDEST_DAYS = 730
_FIRST_BORN = datetime(2016, 1, 1, tzinfo=UTC)
_BORN_DAYS = 3_650


class Size(NamedTuple):
    """How many rows of each table."""

    accounts: int
    invoices: int
    opportunities: int


SIZES = {
    "tiny": Size(300, 3_000, 600),
    "small": Size(20_000, 200_000, 40_000),
    "full": Size(200_000, 2_000_000, 400_000),
    "tripled": Size(200_000, 6_000_000, 1_200_000),
}
"""``tripled`` has the accounts of ``full`` and three times their rows."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The stored pages of one population. ``lengths``: bytes of each page, by table and range;
    ``starts``: when the first account of each range was created, as it is on the wire."""

    folder: Path
    lengths: dict[str, list[list[int]]]
    starts: list[str]

    def of(self, table: str) -> Iterator[bytes]:
        """The pages of a table, in the order in which their links lead, of all ranges."""
        with (self.folder / table).open("rb") as file:
            for length in chain.from_iterable(self.lengths[table]):
                yield file.read(length)

    def first(self, table: str, place: int) -> int:
        """The number of the first page of a range."""
        return sum(map(len, self.lengths[table][:place]))

    def one(self, table: str, number: int) -> bytes:
        """A page by its number, from 0."""
        lengths = [*chain.from_iterable(self.lengths[table])]
        with (self.folder / table).open("rb") as file:
            file.seek(sum(lengths[:number]))
            return file.read(lengths[number])

    def expected(self) -> dict[str, Graded]:
        """By account id, what its score and grade must be (bench/expected.py)."""
        told = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        return {id: Graded(Decimal(score), grade) for id, (score, grade) in told.items()}

    def stale(self) -> frozenset[str]:
        """Ids of the accounts that hold another score than they should."""
        return frozenset(json.loads((self.folder / "stale.json").read_text(encoding="utf-8")))


def pages_of(folder: Path, size: Size, seed: int = 7) -> Pages:
    """The pages of a population, made in ``folder`` unless they are there already."""
    home = folder / "-".join(map(str, (*size, RANGE_ROWS, seed)))
    index = home / "index.json"
    if not index.exists():
        home.mkdir(parents=True, exist_ok=True)
        index.write_text(json.dumps(_Making(home, size, seed).make()), encoding="utf-8")
    return Pages(home, **json.loads(index.read_text(encoding="utf-8")))


class _Making:
    """Rows of accounts need what all others add up to, so their table is made last."""

    def __init__(self, home: Path, size: Size, seed: int) -> None:
        self._home, self._size = home, size
        self._random = random.Random(seed)
        self._ids = [self._id() for _ in range(size.accounts)]
        self._ranges = [
            range(first, min(first + RANGE_ROWS, size.accounts))
            for first in range(0, size.accounts, RANGE_ROWS)
        ]
        self._totals = Totals(size.accounts)
        self._expected: dict[str, tuple[str, str]] = {}
        self._stale: list[str] = []

    def make(self) -> dict[str, Any]:
        lengths = {
            "invoice": self._store("invoice", self._invoices),
            "opportunity": self._store("opportunity", self._opportunities),
            "account": self._store("account", self._accounts),
        }
        for name, told in (("expected", self._expected), ("stale", self._stale)):
            (self._home / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
        return {"lengths": lengths, "starts": [self._born(each[0]) for each in self._ranges]}

    def _store(self, table: str, rows_of: Callable[[range], Iterator[str]]) -> list[list[int]]:
        numbers = count(1)
        with (self._home / table).open("wb") as file:
            return [
                [file.write(page) for page in self._paged(table, rows_of(accounts), numbers)]
                for accounts in self._ranges
            ]

    def _paged(self, table: str, rows: Iterator[str], numbers: Iterator[int]) -> Iterator[bytes]:
        entities = TABLES[table]
        address = f"{ORG}/api/data/v9.2/{entities}"
        head = f'{{"@odata.context":"{ORG}/api/data/v9.2/$metadata#{entities}","value":['
        some = list(islice(rows, PAGE_ROWS))
        while some:
            following = list(islice(rows, PAGE_ROWS))
            link = f',"@odata.nextLink":"{address}?page={next(numbers)}"'
            yield f"{head}{','.join(some)}]{link if following else ''}}}".encode()
            some = following

    def _share(self, rows: int, accounts: range) -> range:
        """As many of the rows as these accounts are of all."""
        done, all = accounts.start, self._size.accounts
        return range(rows * done // all, rows * accounts.stop // all)

    def _invoices(self, accounts: range) -> Iterator[str]:
        draw = self._random
        for _ in self._share(self._size.invoices, accounts):
            account = draw.choice(accounts)
            row = Invoice(draw.choice((0, 2, 2, 3)), self._cents(400_000), self._created())
            self._totals.invoice(account, row)
            amount = _money(row.cents, "00000000")
            yield (
                f'{{{self._etag()},"invoiceid":"{self._id()}","_customerid_value":'
                f'"{self._ids[account]}","totalamount_base":{amount},"createdon":"{row.created}",'
                f'"statecode":{row.state},"_transactioncurrencyid_value":"{CURRENCY}"}}'
            )

    def _opportunities(self, accounts: range) -> Iterator[str]:
        draw = self._random
        for _ in self._share(self._size.opportunities, accounts):
            account, state = draw.choice(accounts), draw.choice((0, 0, 1, 2))
            cents = self._cents(3_000_000)
            self._totals.opportunity(account, state, cents)
            yield (
                f'{{{self._etag()},"opportunityid":"{self._id()}","_customerid_value":'
                f'"{self._ids[account]}","estimatedvalue_base":{_money(cents)},'
                f'"statecode":{state},"_transactioncurrencyid_value":"{CURRENCY}"}}'
            )

    def _accounts(self, accounts: range) -> Iterator[str]:
        draw = self._random
        for place in accounts:
            id = self._ids[place]
            fields = Fields(
                self._cents(600_000_000),
                None if draw.random() < 0.1 else draw.randint(0, 1_200),
                None if draw.random() < 0.05 else draw.randint(1, 6),
                draw.random() < 0.1,
            )
            right = self._totals.graded(place, fields)
            self._expected[id] = str(right.score), right.grade
            told = self._account(id, fields, self._stored(id, right))
            yield f'{told},"createdon":"{self._born(place)}"}}'

    def _stored(self, id: str, right: Graded) -> Graded | None:
        if self._random.random() >= 0.05:
            return right
        self._stale.append(id)
        return None if self._random.random() < 0.5 else Graded(100 - right.score, "-")

    def _account(self, id: str, fields: Fields, stored: Graded | None) -> str:
        score, grade = (stored.score, f'"{stored.grade}"') if stored else ("null", "null")
        return (
            f'{{{self._etag()},"accountid":"{id}","revenue":{_money(fields.revenue_cents)},'
            f'"numberofemployees":{_told(fields.employees)},"industrycode":'
            f'{_told(fields.industry)},"creditonhold":{json.dumps(fields.on_hold)},"gs_score":'
            f'{score},"gs_grade":{grade},"_transactioncurrencyid_value":"{CURRENCY}"'
        )

    def _id(self) -> str:
        text = f"{self._random.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def _etag(self) -> str:
        return f'"@odata.etag":"W/\\"{self._random.randrange(10**7, 10**8)}\\""'

    def _cents(self, most: int) -> int | None:
        return None if self._random.random() < 0.05 else self._random.randrange(most)

    def _created(self) -> str:
        seconds = self._random.randrange(_OLDEST_DAYS * 86_400)
        return _instant(_NEWEST - timedelta(seconds=seconds))

    def _born(self, place: int) -> str:
        """Accounts came evenly over ten years."""
        return _instant(_FIRST_BORN + timedelta(days=_BORN_DAYS * place / self._size.accounts))


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _money(cents: int | None, zeros: str = "") -> str:
    return "null" if cents is None else f"{cents // 100}.{cents % 100:02}{zeros}"


def _told(number: int | None) -> str:
    return "null" if number is None else str(number)
