"""Accounts that know when they were created, so that a resync can be cut into partitions."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from gradesys.engine import Context
from gradesys.live.handling import handle
from gradesys.records import Column, Kind, Ref, Value
from gradesys.resync import Standing, Wish, heal, resume, resync
from gradesys.rules.document import load_document
from gradesys.rules.parse import Source, parse_model
from gradesys.rules.rulebook import Rulebook, open_rulebook
from gradesys.span import CREATED
from tests.engine.world import ALL, CUSTOMERS, NOW, SCHEMA, Cells, MemoryOrg
from tests.marks.faulty import FaultyLedger, FaultyMarks, Memory, Plan, calm

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
AGE = Column(CREATED, Kind.INSTANT)
AGED = {
    name: replace(
        table,
        columns={**table.columns, CREATED: AGE},
        navigations={("customerid", "account"): "customerid_account"},
    )
    for name, table in SCHEMA.items()
}
PEOPLE = 30


def aged_org(people: int = PEOPLE) -> MemoryOrg:
    """Accounts a00.. created a day apart, one of them never; each paid ten times its number."""
    org = MemoryOrg({"account": {}, "invoice": {}, "salesorder": {}})
    for place in range(people):
        born = None if place == 7 else FIRST + timedelta(days=(place * 11) % people)
        add_account(org, f"a{place:02}", born, 10 * place)
    return org


def add_account(org: MemoryOrg, id: str, born: datetime | None, paid: int) -> None:
    """An account without a score, and its paid invoice."""
    blank: Cells = {"gs_score": None, "gs_grade": None, CREATED: born}
    org.tables["account"][id] = {"accountid": id, "statecode": Decimal(0), **blank}
    cells: Cells = {"customerid": Ref("account", id), "totalamount": Decimal(paid)}
    org.tables["invoice"][f"i{id}"] = {"invoiceid": f"i{id}", "statecode": Decimal(2), **cells}


@functools.cache
def aged_rules(*texts: str) -> Rulebook:
    """These rules against tables that know their age."""
    documents = [load_document(text, "test.yaml") for text in texts or (CUSTOMERS,)]
    return open_rulebook([Source(parse_model(d, {}), d) for d in documents], AGED)


@dataclass
class House:
    """An org and what all processes of gradesys share; a process may be told to go wrong."""

    org: MemoryOrg = field(default_factory=aged_org)
    memory: Memory = field(default_factory=Memory)
    texts: tuple[str, ...] = (CUSTOMERS,)
    now: datetime = NOW

    def process(self, plan: Plan = calm) -> Context:
        """What a newly started process works with."""
        marks = FaultyMarks(self.memory, self.org.clock, plan)
        ledger = FaultyLedger(self.memory, plan)
        return Context(aged_rules(*self.texts), self.org, marks, ledger, lambda: self.now)

    def resync(self, wish: Wish | None = None) -> Standing:
        """Resync in a process of its own; waiting makes time pass."""
        return resync(self.process(), wish or Wish(), quiet, self.org.clock.forward)

    def resume(self) -> Standing | None:
        """Go on with what was interrupted, when claims of the dead have ended."""
        return resume(self.process(), quiet, self.org.clock.forward)

    def work(self, rounds: int = 60) -> None:
        """A service: sweeps, and workers that handle what is due, until nothing waits."""
        context = self.process()
        for _ in range(rounds):
            self.org.clock.forward(20)
            context.marks.sweep()
            heal(context)
            while claimed := context.marks.claim(1):
                handle(context, claimed, ALL)
            if not context.marks.stats().dirty:
                return

    def scores(self) -> dict[str, Value]:
        """What is stored."""
        return {id: row["gs_score"] for id, row in self.org.tables["account"].items()}

    def due(self) -> dict[str, Value]:
        """What should be, by hand: the paid invoices."""
        paid: dict[str, Value] = {}
        for row in self.org.tables["invoice"].values():
            customer = row["customerid"]
            assert isinstance(customer, Ref)
            paid[customer.id] = row["totalamount"]
        return {id: paid.get(id, Decimal(0)) for id in self.org.tables["account"]}


def quiet(standing: Standing) -> None:
    """Listen to no progress."""
