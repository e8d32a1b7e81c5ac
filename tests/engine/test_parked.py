"""What is parked is let go when its record can no longer be scored at all; logs quote no row."""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.errors import Answer, PermanentError, StoreError, TemporaryError
from gradesys.resync import Wish, resync
from tests.engine.world import CUSTOMERS, MemoryOrg, context_of, small_org, target, work


def delete(org: MemoryOrg) -> None:
    del org.tables["account"]["a1"]


def deactivate(org: MemoryOrg) -> None:
    org.tables["account"]["a1"]["statecode"] = Decimal(1)


@pytest.mark.parametrize("leave", [delete, deactivate])
@pytest.mark.parametrize("by_resync", [False, True])
def test_a_parked_record_that_left_is_let_go(
    tmp_path: Path, leave: Callable[[MemoryOrg], None], by_resync: bool
) -> None:
    org = small_org()
    context = context_of(org, tmp_path, CUSTOMERS)
    context.marks.park(target(), "", "said refused")
    context.marks.park(target(), "customers", "no number")
    leave(org)
    if by_resync:
        resync(context, Wish(), lambda tally: None)
    else:
        context.marks.mark([target()])
        work(context)
    assert context.marks.parked() == []


def test_a_dry_run_lets_nothing_go(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path, CUSTOMERS)
    context.marks.park(target(), "", "said refused")
    delete(org)
    resync(context, Wish(dry_run=True), lambda tally: None)
    assert [item.key for item in context.marks.parked()] == [target()]


@pytest.mark.parametrize("kind", [PermanentError, TemporaryError])
def test_logs_tell_codes_and_never_what_dataverse_quoted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: type[PermanentError | TemporaryError]
) -> None:
    org = small_org()
    context = context_of(org, tmp_path, CUSTOMERS)

    def refuse(call: str) -> None:
        raise kind("'Contoso Ltd' is no number", Answer(400, "0x80040203", "request-7"))

    org.before = refuse
    context.marks.mark([target()])
    with caplog.at_level(logging.INFO):
        work(context, rounds=1)
    assert "400 0x80040203 request-7" in caplog.text
    assert "account a1" in caplog.text
    assert "Contoso" not in caplog.text


def test_trouble_with_the_store_of_marks_never_parks_a_key(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path, CUSTOMERS)

    def locked(call: str) -> None:
        raise StoreError("locked")

    org.before = locked
    context.marks.mark([target()])
    for _ in range(12):
        org.clock.forward(3600)
        work(context, rounds=1)
    assert (context.marks.parked(), context.marks.stats().dirty) == ([], 1)
