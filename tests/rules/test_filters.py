"""Filters as tests of rows (rules.md 3.4, 15.3, 15.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gradesys.errors import RecordError, RuleError
from gradesys.records import Ref, Row, Schema
from gradesys.rules.filters import CompiledFilter, compile_filter
from gradesys.rules.keys import Flag
from tests.rules.invoices import SCHEMA, day, local
from tests.rules.moments import NOON, TEHRAN, wall

D = Decimal
ROW: Row = {
    "invoiceid": "i1",
    "customerid": Ref("account", "a1"),
    "statecode": D(2),
    "totalamount_base": D("10.50"),
    "paid": True,
    "name": "Café شركت ۱۲",
    "due": day("2026-06-15"),
    "createdon": local("2026-06-15T23:59"),
    "meeting": wall("2026-06-15T23:59"),
    "salesorderid": None,
    "salesorderid.statecode": None,
}


def compiled(filter: Any, schema: Schema | None = None) -> CompiledFilter:
    return compile_filter(filter, "invoice", schema, TEHRAN)


@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["shapes", "metadata"])
@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        (None, True),
        ({}, True),
        ({"statecode": D(2)}, True),
        ({"statecode": [D(0), D(2)]}, True),
        ({"statecode": []}, False),
        ({"statecode": {}}, True),
        ({"statecode": None}, False),
        ({"salesorderid": None}, True),
        ({"salesorderid": [D(3), None]}, True),
        ({"salesorderid": {"ne": None}}, False),
        ({"salesorderid.statecode": {"ne": D(3)}}, True),
        ({"salesorderid.statecode": {"not_in": [D(3)]}}, True),
        ({"salesorderid.statecode": {"not_in": [D(3), None]}}, False),
        ({"salesorderid.statecode": {"not_in": []}}, True),
        ({"salesorderid.statecode": {"gt": D(0)}}, False),
        ({"not": {"salesorderid.statecode": {"gt": D(0)}}}, True),
        ({"totalamount_base": {"gt": D(0), "le": D("10.5")}}, True),
        ({"totalamount_base": {"between": [D("10.5"), D(11)]}}, True),
        ({"totalamount_base": {"between": [None, D(11)]}}, False),
        ({"totalamount_base": {"gt": None}}, False),
        ({"totalamount_base": {"eq": None}}, False),
        ({"totalamount_base": {"between": None}}, False),
        ({"paid": True}, True),
        ({"paid": {"ne": True}}, False),
        ({"name": "CAFE\u0301 شرکت 12"}, True),
        ({"name": {"contains": "شرکت"}}, True),
        ({"name": {"starts_with": "CAFÉ"}}, True),
        ({"name": {"ends_with": "12"}}, True),
        ({"name": {"contains": None}}, False),
        ({"salesorderid": {"is_null": True}}, True),
        ({"name": {"is_null": False}}, True),
        ({"customerid": "A1"}, True),
        ({"customerid": {"not_in": ["a2"]}}, True),
        ({"invoiceid": "I1"}, True),
        ({"due": "2026-06-15"}, True),
        ({"due": "@today"}, True),
        ({"createdon": "@today"}, True),
        ({"meeting": "@today"}, True),
        ({"createdon": {"gt": "@today"}}, False),
        ({"createdon": {"lt": "@today+1"}}, True),
        ({"due": {"between": ["@today-1", "@today"]}}, True),
        ({"due": {"in": ["2026-01-01", "@today"]}}, True),
        ({"due": {"ge": "2026-06-14T20:30:00Z"}}, True),
        ({"due": {"gt": "2026-06-14T20:30:00Z"}}, False),
        ({"createdon": {"lt": "2026-06-16T00:00:00+03:30"}}, True),
        ({"createdon": "2026-06-15T20:29:00Z"}, True),
        ({"meeting": "2026-06-15T20:29:00Z"}, True),
        ({"createdon": {"within": {"period": "month"}}}, True),
        ({"due": {"within": {"last": "1 day", "offset": D(-1)}}}, False),
        ({"due": {"within": {"from": "2026-06-15"}}}, True),
        ({"due": {"within": None}}, False),
        ({"any": []}, False),
        ({"all": []}, True),
        ({"not": {}}, False),
        ({"not": []}, False),
        ({"not": [{"statecode": D(2)}, {"paid": False}]}, True),
        ({"any": [{"statecode": D(0)}, {"not": {"due": None}}]}, True),
        ({"all": [{"statecode": D(2)}, {"paid": False}]}, False),
        ({"statecode": D(2), "any": [{"paid": False}]}, False),
    ],
)
def test_a_filter_keeps_or_drops_the_row(
    filter: Any, expected: bool, schema: Schema | None
) -> None:
    assert compiled(filter, schema).test(ROW, NOON) is expected


@pytest.mark.parametrize(
    "filter",
    [
        {"statecode": "2"},
        {"statecode": True},
        {"paid": D(1)},
        {"name": D(12)},
        {"due": "tea"},
        {"name": "@today"},
        {"due": D(5)},
        {"statecode": {"contains": "2"}},
        {"totalamount_base": {"within": {"last": "3 days"}}},
        {"statecode": [D(1), "two"]},
    ],
)
def test_kinds_that_do_not_match_are_never_a_silent_false(filter: Any) -> None:
    with pytest.raises(RuleError):
        compiled(filter, SCHEMA)
    with pytest.raises(RecordError, match=next(iter(filter))):
        compiled(filter).test(ROW, NOON)


@pytest.mark.parametrize(
    ("filter", "problem"),
    [
        ({"statecod": D(2)}, "statecod: table 'invoice' has no column 'statecod'"),
        ({"statecode": {"eqq": D(2)}}, "statecode.eqq: unknown operator 'eqq'; did you mean 'eq'?"),
        ({"statecode": {"in": D(2)}}, "statecode.in: a list is needed"),
        ({"statecode": {"between": [D(2)]}}, "statecode.between: between needs two values"),
        ({"statecode": {"is_null": None}}, "statecode.is_null: is_null needs true or false"),
        ({"customerid": {"gt": "a1"}}, "customerid.gt: a lookup or id has no order"),
        ({"name": {"contains": D(1)}}, "name.contains: a text is needed"),
        ({"due": "2026-06-15T10:00"}, "due: the date-time '2026-06-15T10:00' needs an offset"),
        ({"due": {"within": "month"}}, "due.within: within needs a window"),
        ({"due": {"within": {"date": "due"}}}, "due.within.date: the column stands before within"),
        ({"due": {"within": {"lst": "3 days"}}}, "due.within.lst: unknown key 'lst'"),
        ({"due": {"within": {}}}, "due.within: exactly one of"),
        ({"any": {"statecode": D(2)}}, "any: a list of filters is needed"),
        ({Flag.TRUE: D(2)}, "true: a column name is needed"),
        ({"statecode": [{"gt": D(1)}]}, "statecode.0: a number, text, true, false or null"),
        ({"any": [D(2)]}, "any.0: a map of conditions is needed"),
        ({"all": [{}, {"not": [{"statecode": {"gt": [D(1)]}}]}]}, "all.1.not.0.statecode.gt: "),
        ({"salesorderid.due": None}, "salesorderid.due: table 'salesorder' has no column"),
    ],
)
def test_a_wrong_filter_is_refused_with_its_key_path(filter: Any, problem: str) -> None:
    with pytest.raises(RuleError) as caught:
        compiled(filter, SCHEMA)
    assert str(caught.value.problems[0]).startswith(problem)


def test_every_problem_of_a_filter_is_named_at_once() -> None:
    with pytest.raises(RuleError) as caught:
        compiled({"statecod": D(2), "any": [{"due": D(1)}, {"name": {"gtt": "a"}}]}, SCHEMA)
    assert [problem.path for problem in caught.value.problems] == [
        ("statecod",),
        ("any", 0, "due"),
        ("any", 1, "name", "gtt"),
    ]


def test_a_filter_tells_the_columns_that_it_reads() -> None:
    filter = {"a": D(1), "any": [{"b.c": None}, {"not": {"d": {"gt": D(0)}}}]}
    assert compiled(filter).columns == {"a", "b.c", "d"}


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"due": {"lt": "2026-01-01"}}, False),
        ({"not": {"due": {"lt": "@today-30"}}}, True),
        ({"any": [{"due": {"within": {"last": "3 days"}}}]}, True),
        ({"due": {"within": {"from": "2026-01-01"}}}, False),
    ],
)
def test_a_filter_tells_whether_time_moves_it(filter: Any, expected: bool) -> None:
    assert compiled(filter).time_dependent is expected


def test_a_number_as_an_id_is_its_text() -> None:
    row: Row = {"invoiceid": "7", "customerid": Ref("account", "5")}
    assert compiled({"invoiceid": D(7), "customerid": D(5)}).test(row, NOON)
