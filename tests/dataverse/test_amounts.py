"""Numbers as they are spelled become the same numbers, whatever they look like."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradesys.dataverse.amounts import amounts
from gradesys.errors import PermanentError
from gradesys.records import Amounts
from gradesys.rules.arithmetic import EXACT

D = Decimal
SPELLED = st.one_of(
    st.just("null"),
    st.from_regex(r"-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?", fullmatch=True),
    st.from_regex(r"-?(0|[1-9][0-9]{0,15})\.[0-9]{2}", fullmatch=True),
)


def found(*spelled: str) -> Amounts:
    return amounts([msgspec.json.decode(each, type=msgspec.Raw) for each in spelled])


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        (("1.50", "null", "-0.25"), Amounts([150, None, -25], 2)),
        (("0.0000000000", "1000000000000000.0000000001"), Amounts([0, 10**25 + 1], 10)),
        (("1", "-2"), Amounts([1, -2], 0)),
        (("null",), Amounts([None], 0)),
        (("1.5", "2.25"), Amounts([D("1.5"), D("2.25")])),
        (("1", "2.5"), Amounts([D(1), D("2.5")])),
        (("1e3", "1.5E+9"), Amounts([D("1E+3"), D("1.5E+9")])),
        ((), Amounts([])),
    ],
)
def test_numbers_of_equally_many_places_are_whole_numbers_of_a_unit(
    spelled: tuple[str, ...], expected: Amounts
) -> None:
    assert found(*spelled) == expected


@given(st.lists(SPELLED, max_size=6))
def test_every_number_is_the_one_that_is_spelled(spelled: list[str]) -> None:
    numbers, places = found(*spelled)
    units = [n if n is None or places is None else D(n).scaleb(-places, EXACT) for n in numbers]

    assert units == [None if each == "null" else D(each) for each in spelled]
    assert places is None or all(
        len(s.partition(".")[2]) == places for s in spelled if "n" not in s
    )


@pytest.mark.parametrize("spelled", ["true", "[1,2]", '"a"', "{}"])
def test_what_is_no_number_is_not_the_page_asked_for(spelled: str) -> None:
    with pytest.raises(PermanentError, match="the answer is not the page asked for"):
        found("1.5", spelled)
