"""A part of a population is scored by itself, however its rows come and whatever else is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import pytest
from msgspec.structs import replace

from gradesys.engine import Store, survey
from gradesys.records import Column, Kind, Page, Plan, Scope
from gradesys.span import Span
from tests.rules.scored import NOON, compiled
from tests.rules.wired import SCHEMA, wired_page

ACCOUNT = SCHEMA["account"]
AGED = {"createdon": Column("createdon", Kind.INSTANT), **ACCOUNT.columns}
ORG = {**SCHEMA, "account": replace(ACCOUNT, columns=AGED)}
MODEL = compiled(
    "{id: m, indicators: {x: {type: column, column: employees}}, output: {score: gs_exact}}", ORG
)
CREATED = {"a": 3, "b": 4, "c": 5, "d": None}


class Accounts:
    """Sends the accounts of every age, typed or not."""

    def __init__(self, typed: bool) -> None:
        self._typed = typed

    def pages(self, plan: Plan) -> Iterator[Page]:
        (read,) = plan.reads
        rows = tuple(
            {
                **dict.fromkeys(read.columns),
                "accountid": id,
                "createdon": None if day is None else datetime(2026, 6, day, tzinfo=UTC),
            }
            for id, day in CREATED.items()
        )
        page = Page(read, rows)
        yield wired_page(ORG, page) if self._typed else page


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(None, None, "abcd"), (None, 4, "ad"), (4, 5, "b"), (4, None, "bc")],
)
def test_only_records_created_within_a_span_are_scored(
    typed: bool, start: int | None, end: int | None, expected: str
) -> None:
    ends = [None if day is None else datetime(2026, 6, day, tzinfo=UTC) for day in (start, end)]
    store = cast(Store, Accounts(typed))

    evaluation = survey((MODEL,), store, Scope("account", span=Span(*ends)), NOON)

    assert sorted(result.id for result in evaluation.results()) == list(expected)


@pytest.mark.parametrize("days", [(), (3,), (5, 3, 4), (4, None), (None,)])
@pytest.mark.parametrize("ends", [(None, None), (None, 4), (3, 6), (4, None)])
def test_a_span_holds_all_records_where_it_holds_each(
    days: tuple[int | None, ...], ends: tuple[int | None, int | None]
) -> None:
    created = [None if day is None else datetime(2026, 6, day, tzinfo=UTC) for day in days]
    span = Span(*(None if day is None else datetime(2026, 6, day, tzinfo=UTC) for day in ends))
    assert span.holds_all(created) == all(span.holds(each) for each in created)
