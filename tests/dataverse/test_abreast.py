"""Questions side by side: answers in order, and whether an end waits for those under way."""

from __future__ import annotations

import threading

import pytest

from gradesys.dataverse import abreast as module
from gradesys.dataverse.abreast import abreast

PATIENCE_S = 30.0


def test_answers_come_in_the_order_of_the_questions() -> None:
    second_first = threading.Event()

    def ask(item: int) -> int:
        if item == 1:
            second_first.wait(PATIENCE_S)
        else:
            second_first.set()
        return 10 * item

    assert abreast(ask, [1, 2], 2) == [10, 20]
    assert abreast(ask, [], 2) == []


def test_an_error_waits_for_what_was_sent_and_sends_nothing_more() -> None:
    sent, failed, answered = threading.Event(), threading.Event(), list[int]()

    def ask(item: int) -> None:
        if item == 1:
            sent.wait(PATIENCE_S)
            failed.set()
            raise ZeroDivisionError
        sent.set()
        failed.wait(PATIENCE_S)
        answered.append(item)

    with pytest.raises(ZeroDivisionError):
        abreast(ask, [1, 2], 2)
    assert answered == [2]


def test_ctrl_c_waits_for_nobody_who_waits_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVE_S", 0.0)
    released, answered = threading.Event(), list[int]()

    def ask(item: int) -> None:
        if item == 1:
            raise KeyboardInterrupt
        released.wait(PATIENCE_S)
        answered.append(item)

    with pytest.raises(KeyboardInterrupt):
        abreast(ask, [1, 2], 2)
    assert answered == []
    released.set()
