"""Webhook bodies from a hostile sender: an answer below 500 in a second, known marks only."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from functions.answers import Handler
from functions.recompute import recompute
from functions.trigger import Incoming, Reply
from functions.webhook import webhook
from gradesys.dataverse.odata import NAME
from gradesys.marks.protocols import Entry, unheard
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Key
from tests.emulator.conftest import start_server
from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import Receiver
from tests.engine.world import small_org
from tests.functions.mutating import Sent, mutated
from tests.functions.test_triggers import A1, I1, MemoryApp, press_of

__all__ = ["start_server"]

ANSWERS = {202, 400, 401, 403, 413, 431}
MESSAGES = {"Create", "Update", "Delete", "Merge", "Associate"}
KNOWN = {"account", "invoice", "salesorder"}


class Noted(SqliteMarks):
    """Marks that are looked at and kept nowhere."""

    def mark(self, keys: Collection[Key], seen: Callable[[], None] = unheard) -> None:
        for key in keys:
            known = key.table in KNOWN or (key.kind == "run" and NAME.fullmatch(key.table))
            assert known, key
            assert str(UUID(key.id)) == key.id, key


class FuzzedApp(MemoryApp):
    """The service over an org in memory, of the organisation that sent the samples."""

    def __init__(self, folder: Path, sender: str) -> None:
        super().__init__(folder, small_org())
        marks = Noted(Database(folder / "noted.sqlite"))
        self._context = replace(self._context, marks=marks, ledger=Forgetful())
        self._sender = sender

    def organization(self) -> str:
        return self._sender


class Forgetful:
    """A ledger that is empty."""

    def get(self, name: str) -> Entry:
        return Entry({}, 0)

    def put_if(self, name: str, value: Mapping[str, Any], version: int) -> bool:
        return True

    def list(self, prefix: str) -> dict[str, Mapping[str, Any]]:
        return {}

    def drop(self, name: str) -> None:
        """There is nothing."""


@pytest.fixture(scope="module")
def samples(start_server: Callable[..., OrgServer]) -> list[Sent]:
    """What an emulated organisation posts, and a press of the button."""
    receiver = Receiver()
    try:
        hooks = Hooks(start_server(), receiver)
        _let_it_post(hooks)
        hooks.settle()
    finally:
        receiver.close()
    posted = [Sent(each.headers, json.dumps(each.body).encode()) for each in receiver.deliveries]
    sender = receiver.deliveries[0].body["OrganizationId"]
    press = {"Table": "account", "Ids": json.dumps([A1]), "RunId": I1}
    pressed = press_of(press) | {"OrganizationId": sender}
    of_a_table = pressed | {"PrimaryEntityName": "account", "MessageName": "gs_Other"}
    assert {json.loads(sent.body)["MessageName"] for sent in posted} == MESSAGES
    return [
        Sent({**sent.headers, "x-gs-key": "k1"}, sent.body)
        for sent in (*posted, *(Sent({}, json.dumps(b).encode()) for b in (pressed, of_a_table)))
    ]


def _let_it_post(hooks: Hooks) -> None:
    """A life of two customers and their invoices."""
    for message in ("Create", "Update", "Delete"):
        hooks.step(message, "account")
        step = hooks.step(message, "invoice")
        if message != "Create":
            hooks.image(step, 0, "customerid,statecode")
    hooks.step("Merge", "account")
    hooks.step("Associate", "")
    server = hooks.server
    one, two = (server.create("accounts", name=name) for name in ("نمونه", "another"))
    member = server.create("lists", listname="some", createdfromcode=1, type=False)
    contact = server.create("contacts", lastname="نام")
    link = {"@odata.id": f"{server.url}/api/data/v9.2/contacts({contact})"}
    server.send("POST", f"lists({member})/listcontact_association/$ref", link)
    bind = {"customerid_account@odata.bind": f"/accounts({two})"}
    invoice = server.create("invoices", name="1", customerid_account__bind=f"/accounts({one})")
    server.send("PATCH", f"invoices({invoice})", bind | {"totalamount": 12.5, "statecode": 2})
    server.send("DELETE", f"invoices({invoice})")
    server.send("POST", "Merge", _merge(one, two))


def _merge(one: str, two: str) -> dict[str, Any]:
    kind = {"@odata.type": "Microsoft.Dynamics.CRM.account"}
    target, other = ({**kind, "accountid": account} for account in (one, two))
    return {
        "Target": target,
        "Subordinate": other,
        "UpdateContent": dict(kind),
        "PerformParentingChecks": False,
    }


def _fuzz(samples: list[Sent], folder: Path, seeds: range) -> Counter[int]:
    sender = json.loads(samples[0].body)["OrganizationId"]
    app, found, slowest = FuzzedApp(folder, sender), Counter[int](), 0.0
    for seed in seeds:
        sent = mutated(seed, samples)
        handler = recompute if seed % 5 == 0 else webhook
        reply, took = _timed(handler, app, sent)
        if took >= 1.0:  # the machine may have been busy: a body that hangs does so again
            reply, took = _timed(handler, app, sent)
        slowest = max(slowest, took)
        told = json.dumps(dict(reply.body))
        assert reply.status in ANSWERS, (seed, reply)
        assert len(told) < 200 and "Traceback" not in told and ".py" not in told, (seed, reply)
        found[reply.status] += 1
    print(f"{len(seeds):,} bodies: {dict(sorted(found.items()))}, slowest {slowest * 1000:.0f} ms")
    assert slowest < 1.0
    return found


def _timed(handler: Handler, app: FuzzedApp, sent: Sent) -> tuple[Reply, float]:
    """The reply, and the seconds that it took."""
    began = time.perf_counter()
    reply = handler(app, Incoming(sent.headers, sent.body))
    return reply, time.perf_counter() - began


def _is_wide(found: Counter[int]) -> bool:
    """Every answer comes, and not nearly all of one kind: the samples are wrong in many ways."""
    enough = found.total() // 10
    return found.keys() == ANSWERS and found[202] > enough and found[400] > enough


def test_ten_thousand_bodies_made_wrong(samples: list[Sent], tmp_path: Path) -> None:
    assert _is_wide(_fuzz(samples, tmp_path, range(10_000)))


@pytest.mark.long
def test_a_hundred_thousand_bodies_made_wrong(samples: list[Sent], tmp_path: Path) -> None:
    assert _is_wide(_fuzz(samples, tmp_path, range(10_000, 110_000)))
