"""What a store may leave out (records.Narrowing): never a row that matters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradesys.records import AllOf, AnyOf, Compare, Narrowing, Ref, Row
from gradesys.rules.clock import Moment
from gradesys.rules.filters import compile_filter
from tests.rules.invoices import SCHEMA, day, local, passes
from tests.rules.moments import NOON, TEHRAN, wall

D = Decimal
GUID = "00000000-0000-0000-0000-00000000000"
EVERYTHING = AllOf(())


def narrowed(filter: Any) -> Narrowing:
    return compile_filter(filter, "invoice", SCHEMA, TEHRAN).narrow(NOON)


MIDNIGHT = local("2026-06-15T00:00")
NEXT_MIDNIGHT = local("2026-06-16T00:00")


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"statecode": D(2)}, Compare("statecode", "eq", D(2))),
        ({"statecode": {"ne": D(2)}}, Compare("statecode", "ne", D(2))),
        ({"not": {"paid": None}}, Compare("paid", "not_null")),
        (
            {"not": {"lines": {"gt": D(5)}}},
            AnyOf((Compare("lines", "le", D(5)), Compare("lines", "null"))),
        ),
        (
            {"createdon": "@today"},
            AllOf(
                (
                    Compare("createdon", "ge", MIDNIGHT),
                    Compare("createdon", "lt", NEXT_MIDNIGHT),
                )
            ),
        ),
        (
            {"not": {"due": {"within": {"last": "3 days"}}}},
            AnyOf(
                (
                    Compare("due", "null"),
                    Compare("due", "lt", day("2026-06-13")),
                    Compare("due", "ge", day("2026-06-16")),
                )
            ),
        ),
        (
            {"not": {"due": {"within": {"from": "2026-06-15"}}}},
            AnyOf((Compare("due", "null"), Compare("due", "lt", day("2026-06-15")))),
        ),
        ({"due": {"gt": "@today"}}, Compare("due", "ge", day("2026-06-16"))),
        ({"meeting": {"lt": "2026-06-15"}}, Compare("meeting", "lt", wall("2026-06-15"))),
        (
            {"createdon": {"gt": "2026-06-15T00:00:00Z"}},
            Compare("createdon", "gt", datetime(2026, 6, 15, tzinfo=UTC)),
        ),
        ({"customerid": f"{GUID}A"}, Compare("customerid", "eq", f"{GUID}a")),
        ({"salesorderid.statecode": D(3)}, Compare("salesorderid.statecode", "eq", D(3))),
        ({"name": {"is_null": False}}, Compare("name", "not_null")),
        ({"any": []}, AnyOf(())),
        ({"statecode": D(2), "name": "tea"}, Compare("statecode", "eq", D(2))),
        ({"any": [{"statecode": D(2)}, {"name": "tea"}]}, EVERYTHING),
        ({"not": {"statecode": D(2), "name": "tea"}}, EVERYTHING),
        ({"customerid.gs_score": D(3)}, EVERYTHING),
        ({"customerid.gs_score": None}, EVERYTHING),
        ({"tags": None}, EVERYTHING),
        ({"rate": D("0.1")}, EVERYTHING),
        ({"customerid": "a1"}, EVERYTHING),
        ({"lines": D("2.5")}, EVERYTHING),
        ({"lines": {"lt": D(10**10)}}, EVERYTHING),
        ({"paid": {"gt": False}}, EVERYTHING),
        ({"due": {"ge": "0001-01-01"}}, EVERYTHING),
        ({"createdon": {"gt": "0001-01-05T00:00:00Z"}}, EVERYTHING),
        ({"due": {"lt": "2026-06-15T10:00:00Z"}}, EVERYTHING),
        ({"due": {"gt": None}}, AnyOf(())),
        ({"statecode": D(2), "due": {"gt": None}}, AnyOf(())),
    ],
)
def test_a_filter_narrows_what_can_be_said_exactly(filter: Any, expected: Narrowing) -> None:
    assert narrowed(filter) == expected


def test_without_a_schema_nothing_is_left_out() -> None:
    compiled = compile_filter({"statecode": D(2)}, "invoice", None, TEHRAN)
    assert compiled.narrow(NOON) == EVERYTHING


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        ("2010-11-07", datetime(2010, 11, 7, 2, 30, 30, tzinfo=UTC)),
        ("2010-11-06", datetime(2010, 11, 7, 3, 0, tzinfo=UTC)),
    ],
)
def test_a_day_that_begins_twice_is_narrowed_to_both_of_its_parts(
    day: str, instant: datetime
) -> None:
    """In 2010 St. John's turned back from 00:01 on 7 November to 23:01 on the 6th."""
    calendar = replace(TEHRAN, zone=ZoneInfo("America/St_Johns"))
    moment = Moment(datetime(2010, 12, 1, tzinfo=UTC), calendar)
    compiled = compile_filter({"createdon": day}, "invoice", SCHEMA, calendar)
    assert compiled.test({"createdon": instant}, moment)
    assert passes(compiled.narrow(moment), {"createdon": instant})


NUMBERS = st.sampled_from([D(0), D(1), D(2), D("2.5"), D(3)])
DAYS = st.dates(date(2026, 6, 12), date(2026, 6, 18))
MINUTES = st.integers(-3000, 3000).map(lambda minutes: timedelta(minutes=minutes))
INSTANTS = MINUTES.map(lambda length: NOON.now + length)
TEXTS = st.sampled_from(["tea", "TEA", "شركت", ""])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "statecode": NUMBERS,
    "lines": NUMBERS,
    "totalamount_base": NUMBERS,
    "salesorderid.statecode": NUMBERS,
    "customerid.gs_score": NUMBERS,
    "paid": st.booleans(),
    "name": TEXTS,
    "due": DAYS,
    "createdon": INSTANTS,
    "meeting": INSTANTS.map(lambda at: at.replace(tzinfo=None)),
    "customerid": st.sampled_from([Ref("account", f"{GUID}1"), Ref("contact", f"{GUID}2")]),
}
DATED = {"due", "createdon", "meeting"}
LITERALS = VALUES | dict.fromkeys(
    DATED,
    st.one_of(
        DAYS.map(date.isoformat),
        INSTANTS.map(datetime.isoformat),
        st.sampled_from(["@today", "@today-1", "@today+1"]),
    ),
)
LITERALS["customerid"] = st.sampled_from([f"{GUID}1", f"{GUID}3"])


def _operators(column: str) -> st.SearchStrategy[Any]:
    literal = st.none() | LITERALS[column]
    forms = [
        literal,
        st.lists(literal, max_size=3),
        *(st.fixed_dictionaries({op: literal}) for op in ("eq", "ne")),
        *(st.fixed_dictionaries({op: st.lists(literal, max_size=3)}) for op in ("in", "not_in")),
        st.fixed_dictionaries({"is_null": st.booleans()}),
    ]
    if column != "customerid":
        forms += [st.fixed_dictionaries({op: literal}) for op in ("gt", "ge", "lt", "le")]
        forms += [st.fixed_dictionaries({"between": st.lists(literal, min_size=2, max_size=2)})]
    if column in DATED:
        window = st.sampled_from(
            [{"last": "2 days"}, {"period": "week"}, {"from": "2026-06-15"}, {"to": "@today"}]
        )
        forms += [st.fixed_dictionaries({"within": window})]
    return st.one_of(forms)


CONDITIONS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda column: st.fixed_dictionaries({column: _operators(column)})
)
FILTERS = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"not": inner | st.lists(inner, max_size=2)}),
    ),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries({column: st.none() | each for column, each in VALUES.items()})


@settings(max_examples=100, deadline=None)
@given(FILTERS, ROWS)
def test_a_row_that_a_filter_keeps_is_never_left_out(filter: Any, row: Row) -> None:
    compiled = compile_filter(filter, "invoice", SCHEMA, TEHRAN)
    if compiled.test(row, NOON):
        assert passes(compiled.narrow(NOON), row)


@settings(max_examples=60, deadline=None)
@given(FILTERS, ROWS)
def test_not_is_the_exact_opposite_and_metadata_changes_no_result(filter: Any, row: Row) -> None:
    kept = compile_filter(filter, "invoice", SCHEMA, TEHRAN).test(row, NOON)
    opposite = compile_filter({"not": filter}, "invoice", SCHEMA, TEHRAN).test(row, NOON)
    assert kept is not opposite
    assert compile_filter(filter, "invoice", None, TEHRAN).test(row, NOON) is kept
