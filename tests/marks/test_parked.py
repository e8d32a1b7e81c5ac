"""What is set aside stays visible, part by part, until it is released."""

from __future__ import annotations

from gradesys.marks.protocols import Marks
from gradesys.records import Key, KeyKind
from tests.clock import Clock

A = Key(KeyKind.TARGET, "account", "a")
B = Key(KeyKind.EXPAND, "account", "b", "down salesorder customerid")


def test_parked_parts_are_listed_until_they_are_released(marks: Marks) -> None:
    marks.park(A, "customer_grade", "text against number")
    marks.park(A, "", "refused")
    assert [(p.key, p.part, p.reason) for p in marks.parked()] == [
        (A, "", "refused"),
        (A, "customer_grade", "text against number"),
    ]
    marks.release([(A, "customer_grade")])
    assert [p.part for p in marks.parked()] == [""]
    assert marks.stats().parked == 1


def test_what_is_parked_tells_since_when_and_can_be_asked_by_key(
    marks: Marks, clock: Clock
) -> None:
    marks.park(B, "", "refused")
    clock.forward(5)
    marks.park(A, "customer_grade", "text against number")
    assert [(p.key, p.since) for p in marks.parked()] == [(B, clock() - 5), (A, clock())]
    assert [p.key for p in marks.parked([A])] == [A]
    many = [Key(KeyKind.TARGET, "account", str(number)) for number in range(9)]
    assert [p.key for p in marks.parked([*many, B])] == [B]
    assert marks.parked([]) == []


def test_what_is_parked_stays_when_another_key_is_released(marks: Marks) -> None:
    marks.park(A, "", "refused")
    marks.release([(B, "")])
    marks.release([(A, "customer_grade")])
    assert [p.key for p in marks.parked()] == [A]


def test_the_oldest_that_is_parked_comes_first(marks: Marks, clock: Clock) -> None:
    marks.park(B, "", "first")
    clock.forward(1)
    marks.park(A, "", "second")
    assert [p.reason for p in marks.parked()] == ["first", "second"]
