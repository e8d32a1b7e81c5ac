"""A process that dies at any one of its reads and writes: the next look finds all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from gradesys.catchup.failedjobs import mark_failed
from gradesys.catchup.tracked import catch_up
from gradesys.dataverse.deltas import Deltas
from gradesys.dataverse.jobs import Jobs
from gradesys.deploy.names import step_id
from gradesys.engine import Context
from gradesys.records import Key, KeyKind
from gradesys.rules.subscriptions import steps
from tests.catchup.outpost import PAID, Customer, Outpost


class Killed(BaseException):
    """The process is gone."""


class Fuse:
    """Ends the process before one of its calls to the outside, that is after the one before."""

    def __init__(self, burns_at: int) -> None:
        self.calls = 0
        self._burns_at = burns_at

    def on(self, target: Any) -> Any:
        """The target with every method on the fuse."""
        return _Fused(target, self)

    def guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls == self._burns_at:
                raise Killed
            return method(*args, **named)

        return call


class _Fused:
    def __init__(self, target: Any, fuse: Fuse) -> None:
        self._target = target
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        return self._fuse.guarded(getattr(self._target, name))


def look(post: Outpost, fuse: Fuse) -> None:
    """Deltas and failed posts, with everything outside on the fuse."""
    context = post.app.context()
    client = fuse.on(post.app.client())
    fused: Context = replace(context, marks=fuse.on(context.marks), ledger=fuse.on(context.ledger))
    for _ in catch_up(fused, Deltas(client, context.rulebook.schema)):
        pass
    ours = {step_id(step): step for step in steps(context.rulebook)}
    mark_failed(fused, Jobs(client), ours, ())


def kills(post: Outpost, at: int) -> bool:
    """Whether the process dies at its call number ``at``, before it is through."""
    try:
        look(post, Fuse(at))
    except Killed:
        return True
    return False


def test_a_kill_at_any_call_repeats_and_never_skips(post: Outpost, customer: Customer) -> None:
    target = Key(KeyKind.TARGET, "account", customer.account)
    post.change("invoices", customer.open, PAID)
    at = 1
    while kills(post, at):
        look(post, Fuse(burns_at=0))
        assert post.app.marks.waiting([target]) == {target}, f"call {at}"
        post.work()
        at += 1
        post.change("invoices", customer.open, {"totalamount": 1000 + at})
    post.work()
    assert post.wrong() == set()
    print(f"killed at {at - 1} calls")
    assert at > 15
