"""Users, deliveries, workers, failures and resyncs in any order, over the emulator in process.

Hypothesis chooses the order and shrinks what fails. Whatever happened: when it is quiet, what is
stored is what a computation from scratch gives.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.marks.faulty import Fault
from tests.schedules.emulated import PREFIX, ROOT, Refusal
from tests.schedules.rig import Rig
from tests.schedules.scene import CUSTOMERS, LENIENT, guid

NUMBER = st.sampled_from([1, 2])
AMOUNT = st.sampled_from([0, 10, 30])
ANY = st.integers(0, 9)
FAULTS = st.sampled_from([fault for fault in Fault if fault is not Fault.NONE])
REFUSALS = st.sampled_from(
    [
        Refusal(429, retry_after=2),
        Refusal(503),
        Refusal(500),
        Refusal(500, after=True),
        Refusal(0, after=True),
    ]
)
LINK = f"lists({guid('list', 1)})/listaccount_association"


class Machine(RuleBasedStateMachine):
    """The rules are what may happen next; the end is checked by the rig."""

    def __init__(self) -> None:
        super().__init__()
        self.rig = Rig()
        self.emulated = self.rig.scene.emulated
        self.made = 2

    def row(self, table: str, any_: int) -> str | None:
        rows = self.emulated.org.rows(table)
        key = f"{table}id"
        return str(rows[any_ % len(rows)][key]) if rows else None

    @rule(number=NUMBER, amount=AMOUNT)
    def create(self, number: int, amount: int) -> None:
        self.made += 1
        body = {"invoiceid": guid("invoice", self.made), "name": "new", "totalamount": amount}
        bind = {"customerid_account@odata.bind": f"/accounts({guid('account', number)})"}
        self.emulated.user("POST", "invoices", body | bind)

    @rule(any_=ANY, amount=AMOUNT)
    def change(self, any_: int, amount: int) -> None:
        """Amounts are few, so that they go there and back."""
        if (id := self.row("invoice", any_)) is not None:
            self.emulated.user("PATCH", f"invoices({id})", {"totalamount": amount})

    @rule(any_=ANY, number=NUMBER)
    def move(self, any_: int, number: int) -> None:
        table = "invoice" if any_ % 3 else "salesorder"
        if (id := self.row(table, any_)) is not None:
            target = f"/accounts({guid('account', number)})"
            self.emulated.user(
                "PATCH", f"{table}s({id})", {"customerid_account@odata.bind": target}
            )

    @rule(any_=ANY)
    def delete(self, any_: int) -> None:
        if (id := self.row("invoice", any_)) is not None:
            self.emulated.user("DELETE", f"invoices({id})")

    @rule(number=NUMBER, text=st.sampled_from(["2026-05-01", "no date"]))
    def spoil_or_mend(self, number: int, text: str) -> None:
        self.emulated.user("PATCH", f"accounts({guid('account', number)})", {"accountnumber": text})

    @rule(number=NUMBER, state=st.sampled_from([0, 1]))
    def leave_or_come_back(self, number: int, state: int) -> None:
        self.emulated.user("PATCH", f"accounts({guid('account', number)})", {"statecode": state})

    @rule(number=NUMBER, comes=st.booleans())
    def associate(self, number: int, comes: bool) -> None:
        account = guid("account", number)
        linked = any(row["entityid"] == account for row in self.emulated.org.rows("listmember"))
        if comes and not linked:
            body = {"@odata.id": f"{ROOT}{PREFIX}accounts({account})"}
            self.emulated.user("POST", f"{LINK}/$ref", body)
        elif linked and not comes:
            self.emulated.user("DELETE", f"{LINK}({account})/$ref")

    @rule(number=NUMBER)
    def merge(self, number: int) -> None:
        """Where no step tells of it, only a resync can follow."""
        crm = "Microsoft.Dynamics.CRM.account"
        stays, goes = (guid("account", each) for each in (number, 3 - number))
        if any(row["merged"] for row in self.emulated.org.rows("account")):
            return
        rows = [{"@odata.type": crm, "accountid": each} for each in (stays, goes)]
        before = len(self.emulated.mail)
        self.emulated.user("POST", "Merge", {"Target": rows[0], "Subordinate": rows[1]})
        self.rig.unseen |= len(self.emulated.mail) == before

    @precondition(lambda self: self.emulated.mail)
    @rule(any_=ANY)
    def deliver(self, any_: int) -> None:
        """Any of what waits, whatever its age; it stays until it was answered, so it may double."""
        self.rig.receiver(self.emulated.mail[any_ % len(self.emulated.mail)])

    @precondition(lambda self: self.emulated.mail)
    @rule(any_=ANY)
    def duplicate(self, any_: int) -> None:
        self.emulated.mail.append(self.emulated.mail[any_ % len(self.emulated.mail)])

    @precondition(lambda self: self.emulated.mail)
    @rule(any_=ANY)
    def drop(self, any_: int) -> None:
        del self.emulated.mail[any_ % len(self.emulated.mail)]
        self.rig.unseen = True

    @precondition(lambda self: len(self.rig.actors) < 4)
    @rule()
    def claim(self) -> None:
        self.rig.worker()

    @precondition(lambda self: len(self.rig.actors) < 4)
    @rule()
    def begin_resync(self) -> None:
        self.rig.resyncer()

    @precondition(lambda self: self.rig.actors)
    @rule(any_=ANY, steps=st.sampled_from([1, 2, 5, 30]))
    def step(self, any_: int, steps: int) -> None:
        actor, _ = self.rig.actors[any_ % len(self.rig.actors)]
        for _ in range(steps):
            actor.step()
        self.rig.actors = [role for role in self.rig.actors if not role[0].ended]

    @precondition(lambda self: self.rig.actors)
    @rule(any_=ANY)
    def kill(self, any_: int) -> None:
        self.rig.kill(self.rig.actors[any_ % len(self.rig.actors)])
        self.rig.actors = [role for role in self.rig.actors if not role[0].ended]

    @rule()
    def expire(self) -> None:
        self.rig.expire()

    @rule(refusal=REFUSALS)
    def refuse(self, refusal: Refusal) -> None:
        self.rig.refusals.append(refusal)

    @rule(fault=FAULTS)
    def trouble(self, fault: Fault) -> None:
        self.rig.faults.append(fault)

    @rule(seconds=st.sampled_from([1.0, 3.0]))
    def wait(self, seconds: float) -> None:
        self.emulated.clock.forward(seconds)

    @rule()
    def next_day(self) -> None:
        """The window moves: the tick of the new day resyncs."""
        self.emulated.now += timedelta(days=1)
        self.rig.unseen = True

    @rule(text=st.sampled_from([CUSTOMERS, LENIENT]))
    def change_rules(self, text: str) -> None:
        """New processes have the new rules, old ones keep theirs until they end; then a resync."""
        self.rig.unseen |= text != self.rig.text
        self.rig.text = text

    def teardown(self) -> None:
        self.rig.check()


def run(examples: int, steps: int) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        database=None,
    )
    run_state_machine_as_test(Machine, settings=chosen)


@pytest.mark.random
@pytest.mark.first
def test_five_hundred_histories_end_right() -> None:
    run(500, 16)
