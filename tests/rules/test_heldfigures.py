"""Sums of many records, by whole numbers of a unit, are what exact Decimals add up to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradesys.records import Amounts, Figure, Kind
from gradesys.rules.arithmetic import EXACT, computing
from gradesys.rules.heldfigures import held

D = Decimal
AMOUNTS = st.one_of(
    st.none(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10),
    st.sampled_from([D("-0.00"), D("1E+3"), D("1.5"), D("999999999999999.9999999999"), D(0)]),
)
PAGES = st.lists(st.lists(st.tuples(st.integers(0, 2), AMOUNTS), max_size=5), max_size=5)


def page(numbers: Sequence[Decimal | None]) -> Amounts:
    """As a store tells them: whole numbers of a unit where all have equally many places."""
    exponents = {int(each.as_tuple().exponent) for each in numbers if each is not None}
    if len(exponents) > 1 or max(exponents, default=0) > 0:
        return Amounts(numbers)
    places = -min(exponents, default=0)
    return Amounts([None if n is None else int(n.scaleb(places, EXACT)) for n in numbers], places)


@given(PAGES)
def test_sums_look_as_if_each_amount_had_been_a_decimal(
    drawn: list[list[tuple[int, Decimal | None]]],
) -> None:
    sums, expected = held(Figure("sum", "x"), Kind.MONEY), [D(0)] * 3
    sums.all(3)
    with computing(EXACT):
        for rows in drawn:
            sums.add([at for at, _ in rows], page([amount for _, amount in rows]))
            for at, amount in rows:
                expected[at] += D(0) if amount is None else amount

    assert [str(sums.told(cell)) for cell in sums.cells] == [str(each) for each in expected]


@pytest.mark.parametrize(
    ("pages", "places"),
    [
        ([[D("1.50")], [None], [D("2.25")]], 2),
        ([[None], [D("1.5")]], 1),
        ([[D("1.50")], [D("1.5")], [D("1.50")]], None),
        ([[D("1E+3")], [D("1.50")]], None),
    ],
)
def test_a_sum_has_the_unit_of_its_pages_while_they_agree(
    pages: list[list[Decimal | None]], places: int | None
) -> None:
    sums = held(Figure("sum", "x"), Kind.MONEY)
    sums.all(1)
    with computing(EXACT):
        for numbers in pages:
            sums.add([0], page(numbers))

    assert sums.places == places


def test_a_record_that_was_heard_of_later_has_no_figures_yet() -> None:
    sums = held(Figure("max", "x"), Kind.DATE)

    assert (sums.cell(3), sums.told(sums.cell(3))) == (None, None)


@pytest.mark.parametrize("more", [2**63 - 1, -(2**63), 10**25, 1])
def test_a_sum_may_grow_beyond_eight_bytes(more: int) -> None:
    sums = held(Figure("sum", "x"), Kind.MONEY)
    sums.all(3)
    with computing(EXACT):
        sums.add([0, 1, 0], Amounts([2**62, 5, None], 2))
        sums.add([0, 1, 1], Amounts([more, None, 7], 2))
        sums.add([0, 1], Amounts([1, 1], 2))

    told = [sums.told(sums.cell(place)) for place in range(3)]
    assert told == [D(2**62 + more + 1).scaleb(-2), D("0.13"), 0]
    assert str(told[2]) == "0"
