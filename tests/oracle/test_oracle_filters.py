"""The filter tables of the reference, row by row (3.4, 15.4, 15.6)."""

import pytest

from tests.oracle.clock import model_clock
from tests.oracle.errors import RecordError
from tests.oracle.filters import keeps
from tests.oracle.loading import load
from tests.oracle.values import cell

# local day 2026-06-15 in Tehran runs from 2026-06-14T20:30Z
_CLOCK = model_clock({}, "2026-06-15T12:00:00+03:30")
_ROW = load(
    """{none: null, two: 2, amount: 0.3, on: true, text: "شركت ١٢", cafe: "CAFE\\u0301", empty: "",
        due: "2026-06-15", midnight: "2026-06-14T20:30:00Z", before: "2026-06-14T20:29:59Z"}"""
)


def _keeps(text: str) -> bool:
    return keeps(load(text), lambda column: cell(_ROW.get(column)), _CLOCK)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{none: null}",
        "{none: {eq: null}}",
        "{none: [1, null]}",
        "{none: {ne: 3}}",
        "{none: {not_in: [3]}}",
        "{none: {is_null: true}}",
        "{two: {ne: null}}",
        "{two: {is_null: false}}",
        "{not: {none: {gt: 5}}}",
        "{not: {two: {gt: null}}}",
        "{two: [0, 2], amount: {gt: 0.2, le: 0.30}}",
        "{two: {between: [2, 3]}, amount: {between: [0, 0.3]}}",
        "{all: []}",
        "{not: {any: []}}",
        "{not: [{two: 2}, {two: 3}]}",
        "{any: [{two: 1}, {not: {none: {is_null: false}}}]}",
        "{on: true}",
        "{absent: null}",
        '{text: "شرکت ۱۲"}',
        '{cafe: "Café"}',
        '{text: {contains: "کت 1", starts_with: "ش", ends_with: "12"}}',
        '{empty: {ne: null}, text: {contains: ""}}',
        "{due: 2026-06-15}",
        "{due: '@today', midnight: '@today', before: '@today-1'}",
        "{midnight: {ge: 2026-06-15}, before: {lt: 2026-06-15, gt: 2026-06-13}}",
        "{due: {eq: '2026-06-15T00:00:00+03:30'}}",
        "{midnight: {gt: '2026-06-14T20:29:59Z'}}",
        "{due: {within: {period: month, calendar: jalali}}}",
        "{midnight: {within: {last: 1 day}}}",
        "{not: {before: {within: {last: 1 day}}}}",
        "{not: {none: {within: {last: 1 day}}}}",
    ],
)
def test_the_row_passes(text: str) -> None:
    assert _keeps(text)


@pytest.mark.parametrize(
    "text",
    [
        "{none: 3}",
        "{none: {ne: null}}",
        "{none: {not_in: [null]}}",
        "{none: {gt: 0}}",
        "{none: {between: [0, 9]}}",
        "{two: {gt: null}}",
        "{two: {between: [null, 9]}}",
        "{none: {contains: a}}",
        "{two: null}",
        "{any: []}",
        "{not: {}}",
        "{two: [0, null]}",
        "{two: []}",
        '{text: "شرکت12"}',
    ],
)
def test_the_row_fails(text: str) -> None:
    assert not _keeps(text)


@pytest.mark.parametrize(
    "text",
    [
        "{two: x}",
        "{on: 1}",
        "{two: true}",
        "{text: 12}",
        "{due: soon}",
        "{two: {contains: 2}}",
        "{two: '@today'}",
    ],
)
def test_kinds_that_do_not_fit_are_never_a_silent_false(text: str) -> None:
    with pytest.raises(RecordError):
        _keeps(text)
