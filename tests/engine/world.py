"""An org in memory that a test can disturb between any two calls of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from gradesys.button import run_presses
from gradesys.changes import Change, Fate, Outcome, Written
from gradesys.engine import Context
from gradesys.errors import MissingPrivilege
from gradesys.live.handling import HANDLERS, handle
from gradesys.marks.protocols import Message
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Column, Key, KeyKind, Kind, Page, Plan, Read, Ref, Schema, Table, Value
from gradesys.resync import run_partitions
from gradesys.rules.document import load_document
from gradesys.rules.parse import Source, parse_model
from gradesys.rules.rulebook import Rulebook, open_rulebook
from gradesys.rules.tables import MemoryTable, TableStore
from gradesys.span import CREATED, Span
from tests.clock import Clock

ALL = {**HANDLERS, KeyKind.RUN: run_presses, KeyKind.PARTITION: run_partitions}
NOW = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)
Cells = dict[str, Value]

CUSTOMERS = """
schema: gradesys/v1
id: customers
table: account
population: {statecode: 0}
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount,
         filter: {statecode: 2}}
grades: {bands: [{grade: A, min: 100}, {grade: B}]}
output: {score: gs_score, grade: gs_grade}
"""
ORDERS = """
schema: gradesys/v1
id: orders
table: salesorder
indicators:
  customer: {type: column, column: customerid.gs_score, missing_points: -1}
output: {score: gs_score}
"""


def _table(name: str, entity_set: str, *columns: Column) -> Table:
    identity = f"{name}id"
    every = {column.name: column for column in (Column(identity, Kind.ID), *columns)}
    return Table(name, entity_set, identity, every)


STATE = Column("statecode", Kind.CHOICE)
SCORE = Column("gs_score", Kind.DECIMAL, places=2)
CUSTOMER = Column("customerid", Kind.LOOKUP, targets=("account",))
SCHEMA: Schema = {
    "account": _table("account", "accounts", STATE, SCORE, Column("gs_grade", Kind.TEXT, length=9)),
    "invoice": _table("invoice", "invoices", STATE, CUSTOMER, Column("totalamount", Kind.MONEY)),
    "salesorder": _table("salesorder", "salesorders", SCORE, CUSTOMER),
}


@dataclass
class MemoryOrg:
    """Rows by table and id. ``fates`` refuses writes; ``before`` is run ahead of each call."""

    tables: dict[str, dict[str, Cells]]
    fates: dict[str, Fate] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    before: Callable[[str], None] = field(default=lambda call: None)
    calls: list[str] = field(default_factory=list)
    writes: list[Change] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    most_counted: int = 50_000

    @property
    def requests(self) -> int:
        return len(self.calls)

    def pages(self, plan: Plan) -> Iterator[Page]:
        self._called("read")
        return iter(self._answer(plan))

    def sizes(self, read: Read, spans: Sequence[Span]) -> tuple[int | None, ...]:
        self._called("count")
        ages = [row.get(CREATED) for row in self.tables[read.table].values()]
        return tuple(self._counted(sum(map(span.holds, ages))) for span in spans)

    def _counted(self, size: int) -> int | None:
        return None if size > self.most_counted else size

    def ends(self, read: Read) -> tuple[datetime, datetime] | None:
        self._called("count")
        ages = [row.get(CREATED) for row in self.tables[read.table].values()]
        known = [age for age in ages if isinstance(age, datetime)]
        return (min(known), max(known)) if known else None

    def write(self, changes: Sequence[Change], verify: Plan | None = None) -> Written:
        self._called("write")
        outcomes = tuple(self._apply(change) for change in changes)
        return Written(outcomes, self._answer(verify) if verify else ())

    def put_row(self, table: str, id: str, values: Mapping[str, Value]) -> None:
        self._called("put")
        self.tables.setdefault(table, {}).setdefault(id, {}).update(values)

    def _called(self, call: str) -> None:
        self.before(call)
        self.calls.append(call)

    def _answer(self, plan: Plan) -> tuple[Page, ...]:
        for read in plan.reads:
            if read.table in self.forbidden:
                raise MissingPrivilege(f"no privilege to read {read.table}")
        tables = {
            name: MemoryTable(name, [dict(row) for row in rows.values()])
            for name, rows in self.tables.items()
        }
        return tuple(TableStore(tables).pages(plan))

    def _apply(self, change: Change) -> Outcome:
        row = self.tables[change.table].get(change.id)
        fate = Fate.GONE if row is None else self.fates.get(change.id, Fate.WRITTEN)
        if row is not None and fate is Fate.WRITTEN:
            row.update(change.values)
            self.writes.append(change)
        return Outcome(change, fate, "" if fate is Fate.WRITTEN else f"said {fate}")

    def pay(self, invoice: str, amount: int) -> None:
        """Set an invoice's amount, paid."""
        self.tables["invoice"][invoice].update(totalamount=Decimal(amount), statecode=Decimal(2))

    def score(self, account: str = "a1") -> Value:
        """The stored score."""
        return self.tables["account"][account].get("gs_score")


def small_org() -> MemoryOrg:
    """One account with one paid invoice over 10, and one order."""
    a1 = Ref("account", "a1")
    return MemoryOrg(
        {
            "account": {
                "a1": {
                    "accountid": "a1",
                    "statecode": Decimal(0),
                    "gs_score": None,
                    "gs_grade": None,
                }
            },
            "invoice": {
                "i1": {
                    "invoiceid": "i1",
                    "customerid": a1,
                    "statecode": Decimal(2),
                    "totalamount": Decimal(10),
                }
            },
            "salesorder": {"o1": {"salesorderid": "o1", "customerid": a1, "gs_score": None}},
        }
    )


def rulebook(*texts: str) -> Rulebook:
    """The compiled rules of these files."""
    documents = [load_document(text, "test.yaml") for text in texts or (CUSTOMERS, ORDERS)]
    return open_rulebook([Source(parse_model(d, {}), d) for d in documents], SCHEMA)


def context_of(org: MemoryOrg, folder: Path, *texts: str) -> Context:
    """The org under the given rules, with marks that start empty."""
    database = Database(folder / "work.sqlite")
    marks, ledger = SqliteMarks(database, org.clock), SqliteLedger(database)
    return Context(rulebook(*texts), org, marks, ledger, lambda: NOW)


def target(id: str = "a1", table: str = "account") -> Key:
    """The key of a scored record."""
    return Key(KeyKind.TARGET, table, id)


def claim_later(context: Context, org: MemoryOrg) -> Message:
    """Claim the one dirty key, after any delay."""
    org.clock.forward(3600)
    (message,) = context.marks.claim(10)
    return message


def work(context: Context, rounds: int = 20) -> None:
    """Handle what is due, and what that makes due, until nothing is."""
    for _ in range(rounds):
        claimed = context.marks.claim(10)
        for message in claimed:
            handle(context, [message], ALL)
        if not claimed:
            return
