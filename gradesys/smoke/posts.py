"""What a webhook's post carries, when it comes, and what becomes of one that fails."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from gradesys.deploy.reading import rows
from gradesys.errors import PermanentError
from gradesys.smoke.bench import MARK, NOWHERE, Bench
from gradesys.smoke.cleanup import API
from gradesys.smoke.question import Answer, answer, unasked
from gradesys.smoke.receiver import Told

BURST = 40
FAST_S = 15.0
FAILED = 31


def image_of_update(bench: Bench) -> Answer:
    """What an account was before it changed."""

    def change(account: str) -> None:
        bench.change("account", account, description="after")

    return _image(bench, "Update", change)


def image_of_delete(bench: Bench) -> Answer:
    """What an account was before it went."""
    return _image(bench, "Delete", lambda account: bench.delete("account", account))


def _image(bench: Bench, message: str, change: Callable[[str], None]) -> Answer:
    receiver = bench.receiver
    if receiver is None:
        return unasked("needs --receiver: an address of this machine that Dataverse can reach")
    bench.ear.listen(message, "account", image="name,description")
    account = bench.make("account", description="before")
    change(account)
    told: list[Told] = bench.ear.when(lambda: receiver.of(message, account))
    if not told:
        return unasked("no post came: does the address lead to this machine?")
    columns = sorted(told[0].images)
    return answer("description" in columns, f"columns of the image: {', '.join(columns) or 'none'}")


def custom_api(bench: Bench) -> Answer:
    """A Custom API without a plug-in is called; a step listens to its message."""
    name = f"{API}{secrets.token_hex(4)}"
    kind = {"bindingtype": 0, "isfunction": False, "isprivate": False}
    body = {"uniquename": name, "name": name, "displayname": MARK, "description": MARK, **kind}
    bench.client.request("POST", "customapis", {**body, "allowedcustomprocessingsteptype": 1})
    step = bench.ear.listen(name)
    called = bench.ear.when(lambda: _called(bench, name))
    if not called:
        return unasked("the Custom API was made, but cannot be called")
    jobs = bench.ear.when(lambda: bench.ear.jobs(step))
    return answer(bool(jobs), "the step was told" if jobs else "the step was not told")


def _called(bench: Bench, name: str) -> list[str]:
    """Once; a new Custom API may not be known everywhere at once."""
    try:
        bench.act(name)
    except PermanentError:
        return []
    return [name]


def naming(bench: Bench) -> Answer:
    """A job of a step is asked which row it was about."""
    step, account = bench.ear.listen("Create", "account"), bench.make("account")
    jobs = bench.ear.when(lambda: bench.ear.jobs(step))
    if not jobs:
        return unasked("no job appeared")
    named = any(job.row == account for job in bench.ear.heard(step, account))
    return answer(named, "the job names the row" if named else "the job names none")


def failing(bench: Bench) -> Answer:
    """A post to an address that does not exist."""
    step = bench.ear.listen("Create", "contact", NOWHERE)
    contact = bench.make("contact")
    jobs = bench.ear.heard(step, contact)
    if not jobs:
        return unasked("no job appeared")
    told = f"status {jobs[0].status}, error {jobs[0].error & 0xFFFFFFFF:#010x}"
    return answer(jobs[0].status == FAILED, told)


def delay(bench: Bench) -> Answer:
    """Many accounts at once: how long until the last one's post begins."""
    step, before = bench.ear.listen("Create", "account"), _count(bench)
    for _ in range(BURST):
        bench.make("account")
    jobs = bench.ear.when(lambda: bench.ear.jobs(step)[before:], BURST)
    if not jobs:
        return unasked("no job appeared")
    waits = sorted(_seconds(job.created, job.started) for job in jobs)
    late = waits[int(0.95 * (len(waits) - 1))]
    told = (
        f"{len(jobs)} of {BURST} posts; 95 % began within {late:.0f} s, the last {waits[-1]:.0f} s"
    )
    return answer(len(jobs) >= BURST and late <= FAST_S, told)


def _count(bench: Bench) -> int:
    return len(bench.ear.jobs(bench.ear.listen("Create", "account")))


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def image_goes_with_step(bench: Bench) -> Answer:
    """A step with an image is deleted."""
    step = bench.ear.listen("Delete", "contact", image="lastname")
    bench.client.request("DELETE", f"sdkmessageprocessingsteps({step})")
    where = f"_sdkmessageprocessingstepid_value eq {step}"
    left: list[Any] = rows(bench.client, "sdkmessageprocessingstepimages", ("name",), where)
    return answer(not left, "its image is gone" if not left else "its image is left")
