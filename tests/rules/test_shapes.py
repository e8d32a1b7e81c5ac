"""What metadata tells about a column (rules.md 3.1, 15.4, 15.7)."""

from __future__ import annotations

import pytest

from gradesys.errors import RuleError
from gradesys.records import Kind
from gradesys.rules.shapes import Shape, column_at, shape_at
from tests.rules.invoices import SCHEMA


@pytest.mark.parametrize(
    ("dotted", "kind", "polymorphic"),
    [
        ("due", Kind.DATE, False),
        ("salesorderid.statecode", Kind.CHOICE, False),
        ("customerid.gs_score", Kind.DECIMAL, True),
        ("salesorderid.customerid.gs_score", Kind.DECIMAL, True),
        ("customerid.accountid", Kind.ID, True),
        ("customerid.mood", None, True),
    ],
)
def test_a_dotted_column_is_found_behind_its_lookups(
    dotted: str, kind: Kind | None, polymorphic: bool
) -> None:
    shape = shape_at(SCHEMA, "invoice", dotted)
    assert (shape.kind, shape.polymorphic) == (kind, polymorphic)


@pytest.mark.parametrize(
    ("dotted", "message"),
    [
        ("statecod", "table 'invoice' has no column 'statecod'; did you mean 'statecode'?"),
        ("customerid.gs_scor", "table 'account, contact' has no column 'gs_scor'"),
        ("due.year", "'due' is no lookup"),
        ("salesorderid.quoteid.name", "unknown table 'quote' behind 'quoteid'"),
        ("a.b.c.d", "'a.b.c.d' follows more than 2 lookups"),
    ],
)
def test_a_column_that_cannot_be_read_is_named(dotted: str, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        shape_at(SCHEMA, "invoice", dotted)
    assert str(caught.value).startswith(message)
    assert column_at(SCHEMA, "invoice", dotted) is None


def test_an_unknown_table_is_named_with_the_nearest() -> None:
    with pytest.raises(RuleError, match="unknown table 'invoise'; did you mean 'invoice'"):
        shape_at(SCHEMA, "invoise", "due")


def test_without_a_schema_nothing_is_told_and_nothing_is_wrong() -> None:
    assert shape_at(None, "invoice", "a.b.c.d") == Shape()
    assert column_at(None, "invoice", "due") is None
