"""``gradesys demo --check``: the whole line as a CRM user meets it, measured and judged.

The expected change is known exactly: what the paid invoices come to, in the stored explanation.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from gradesys.demo.expecting import expect, until
from gradesys.demo.stage import Stage
from gradesys.demo.user import Standing, User

PAID = {"statecode": 2, "statuscode": 100001}
EVENTS = 24
LIMIT_MS = 1000.0
OPEN_INVOICES = (
    "invoices?$select=totalamount_base,_customerid_value&$top=500"
    "&$filter=statecode eq 0 and totalamount_base gt 5000 and totalamount_base lt 100000"
    " and customerid_account/statecode eq 0 and customerid_account/gs_score lt 30"
)
"""Of customers far enough from the full score for every edit to change it."""


class Invoice(Struct, frozen=True):
    """An open invoice and the account it belongs to."""

    id: str
    account: str
    amount: Decimal


def check(stage: Stage) -> None:
    """Run everything and say what happened. Raises GradesysError at the first wrong thing."""
    user = User(stage.url)
    resync_twice(stage)
    with stage.service("--no-timers"):
        stage.say("service accepts events (timers off)")
        invoices = _open_invoices(user)
        _pay_all(stage, user, invoices)
        _move(stage, user, invoices[0], invoices[1].account)
        _delete(stage, user, invoices[2])
        _press(stage, user, invoices[3].account)
        _explain(stage, user, invoices[3].account)
        quiet(stage, user)
    expect(stage.resync()["written"] == 0, "a resync after the events still finds differences")
    stage.say("resync after the events: 0 written, every stored score equals a fresh computation")


def resync_twice(stage: Stage) -> None:
    """Score everything; a second resync must find nothing to do."""
    first, again = stage.resync(), stage.resync()
    rate = first["read"] / max(first["seconds"], 0.001)
    stage.say(
        f"resync: {first['read']:,} records read, {first['written']:,} written, "
        f"{first['requests']} requests, {first['seconds']} s, {rate:,.0f} rows/s"
    )
    expect(first["failed"] == 0 and first["written"] > 0, f"the first resync ended with {first}")
    stage.say(f"second resync: {again['written']} written, {again['requests']} requests")
    expect(again["written"] == 0, f"the second resync wrote {again['written']} records")


def _open_invoices(user: User) -> Sequence[Invoice]:
    """One open invoice of each of so many accounts."""
    rows = user.rows(OPEN_INVOICES)
    each = {row["_customerid_value"]: row for row in rows}
    invoices = [
        Invoice(row["invoiceid"], account, row["totalamount_base"]) for account, row in each.items()
    ][:EVENTS]
    expect(len(invoices) == EVENTS, f"only {len(invoices)} accounts have an open invoice")
    return invoices


def _pay_all(stage: Stage, user: User, invoices: Sequence[Invoice]) -> None:
    waits, changed = [], 0
    for invoice in invoices:
        before = user.standing(invoice.account)
        user.ask("PATCH", f"invoices({invoice.id})", PAID)
        after, wait = _settled(user, invoice.account, before.paid + invoice.amount)
        waits.append(wait)
        changed += after.grade != before.grade
    p50, p95 = statistics.median(waits), statistics.quantiles(waits, n=20, method="inclusive")[-1]
    stage.say(
        f"event -> grade (cause event): {len(waits)} invoices paid, p50 {p50:.0f} ms, "
        f"p95 {p95:.0f} ms, max {max(waits):.0f} ms; {changed} grades changed"
    )
    expect(p95 < LIMIT_MS, f"event -> grade p95 is {p95:.0f} ms, the limit is {LIMIT_MS:.0f} ms")


def _move(stage: Stage, user: User, invoice: Invoice, other: str) -> None:
    old, new = user.standing(invoice.account), user.standing(other)
    bind = {"customerid_account@odata.bind": f"/accounts({other})"}
    user.ask("PATCH", f"invoices({invoice.id})", bind)
    _, left = _settled(user, invoice.account, old.paid - invoice.amount)
    _, gained = _settled(user, other, new.paid + invoice.amount)
    stage.say(f"invoice moved: old and new customer right after {left + gained:.0f} ms")


def _delete(stage: Stage, user: User, invoice: Invoice) -> None:
    before = user.standing(invoice.account)
    user.ask("DELETE", f"invoices({invoice.id})")
    _, wait = _settled(user, invoice.account, before.paid - invoice.amount)
    stage.say(f"invoice deleted: customer right after {wait:.0f} ms")


def _press(stage: Stage, user: User, account: str) -> None:
    """A score spoilt by hand is put right by the button."""
    before = user.standing(account)
    user.ask("PATCH", f"accounts({account})", {"gs_score": 1})
    started = time.perf_counter()
    run = user.press_recompute(account)
    path = f"gs_runs?$select=gs_finishedon,gs_message&$filter=gs_runid eq {run}"
    rows = until(lambda: user.rows(path), lambda rows: bool(rows) and _ended(rows[0]), "the run")
    wait = (time.perf_counter() - started) * 1000
    expect(not rows[0]["gs_message"], f"the run failed: {rows[0]['gs_message']}")
    expect(user.standing(account) == before, "the button did not put the score right")
    stage.say(f"button gs_Recompute: run done after {wait:.0f} ms, a spoilt score is right again")


def _ended(run: dict[str, object]) -> bool:
    return bool(run["gs_finishedon"] or run["gs_message"])


def _explain(stage: Stage, user: User, account: str) -> None:
    fresh = json.loads(stage.gradesys("explain", "account", account, "--json"))[0]
    stored = user.standing(account)
    same = (Decimal(fresh["score"]), fresh["grade"]) == (stored.score, stored.grade)
    expect(same, f"explain says {fresh['score']}, stored is {stored.score}")
    stage.say(f"explain: the stored {stored.grade} with {stored.score:.2f} is what it computes")


def quiet(stage: Stage, user: User) -> None:
    """Wait until nothing is under way; nothing may have failed on the way."""
    user.control("POST", "settle")
    until(
        lambda: json.loads(stage.gradesys("status", "--json")),
        lambda status: status["dirty"] == 0,
        "an empty queue",
    )
    stats = user.control("GET", "stats")
    webhooks = stats["webhooks"]
    stage.say(
        f"quiet: 0 keys dirty; webhooks {webhooks['sent']} sent, {webhooks['failed']} failed; "
        f"{stats['unsupported']} unsupported requests"
    )
    expect(stats["unsupported"] == 0, f"{stats['unsupported']} requests were not supported")
    expect(webhooks["failed"] == 0, f"{webhooks['failed']} webhooks failed")


def _settled(user: User, account: str, paid: Decimal) -> tuple[Standing, float]:
    """Poll the account until its paid invoices come to ``paid``; what it shows then, and the ms."""
    started = time.perf_counter()
    standing = until(
        lambda: user.standing(account), lambda s: s.paid == paid, f"{paid} paid of {account}"
    )
    return standing, (time.perf_counter() - started) * 1000
