"""Cells that look alike share one object, and look as before."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from gradesys.rules import equals
from gradesys.rules.equals import Equals

D = Decimal


def shared(*pages: list[Any]) -> list[Any]:
    """What stands in the cells once all pages were gone through."""
    found, known = [[SimpleNamespace(c1=cell) for cell in page] for page in pages], Equals()
    for objects in found:
        known.share(objects, ["c1"])
    return [each.c1 for objects in found for each in objects]


@pytest.mark.parametrize(
    "cells",
    [
        [D("1.5"), D("1.50"), D("1.5"), None, D("-0"), D("0"), D("0E+2")],
        ["A", None, "".join(["A", ""]), "B"],
        [1, 2, None],
        [None, "None", "A"],
        [True, None],
        [None, None],
        [],
    ],
)
def test_cells_look_as_before(cells: list[Any]) -> None:
    assert list(map(repr, shared(cells, cells))) == list(map(repr, cells + cells))


def test_numbers_that_are_spelled_alike_are_one_object() -> None:
    first, other, again = shared([D("1.5"), D("1.50")], [D("1.5")])

    assert first is again
    assert first is not other


def test_a_column_of_too_many_values_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equals, "MOST", 1)
    pages = [[D("1.5"), D("2.5")], [D("1.5")]]

    first, _, again = shared(*pages)

    assert first is not again
