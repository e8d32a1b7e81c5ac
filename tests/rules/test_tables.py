"""Tables in memory answer reads as an organisation does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gradesys.errors import RecordError
from gradesys.records import Plan, Read, Ref, Row, Scope
from gradesys.rules.standard import id_column, lookups
from tests.rules.scored import store

TABLES = """
account: [{accountid: A1, parentaccountid: a2, name: one}, {accountid: a2, parentaccountid: gone},
  {accountid: a3, n: 5}]
invoice: [{invoiceid: i1, customerid: a1, customerid@type: account},
  {invoiceid: i2, customerid: a1, customerid@type: contact, odd: x1},
  {invoiceid: i3, customerid: A3, customerid@type: Account}]
"""


def rows(read: Read, *ids: str) -> tuple[Row, ...]:
    (page,) = store(TABLES).pages(Plan((read,), Scope("account", ids or None)))
    return tuple(page.rows)


def account(*columns: str) -> Read:
    return Read("account", columns, "accountid", "account")


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("name", "one"),
        ("parentaccountid", Ref("account", "a2")),
        ("n", None),
        ("parentaccountid.n", None),
        ("parentaccountid.accountid", "a2"),
        ("parentaccountid.parentaccountid.name", None),
    ],
)
def test_columns_and_those_of_parents(column: str, expected: object) -> None:
    assert rows(account(column), "a1") == ({column: expected},)


def test_a_column_that_no_row_carries_is_left_out() -> None:
    assert rows(account("accountid", "colour"), "a3") == ({"accountid": "a3"},)


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (("a1",), ["i1", "i2"]),
        (("a3", "a1"), ["i3", "i1", "i2"]),
        ((), ["i1", "i2", "i3"]),
        (("a2",), []),
    ],
)
def test_children_of_a_scope_match_on_id_whatever_their_type(
    ids: tuple[str, ...], expected: list[str]
) -> None:
    read = Read("invoice", ("invoiceid",), "customerid", "account")

    assert [row["invoiceid"] for row in rows(read, *ids)] == expected


def test_numbers_stay_exact() -> None:
    assert rows(account("n"), "a3") == ({"n": Decimal(5)},)


def test_a_lookup_whose_target_nothing_tells_is_an_error() -> None:
    read = Read("invoice", ("odd.name",), "customerid", "account")

    with pytest.raises(RecordError, match="nothing tells the target table of odd"):
        rows(read)


def test_an_absent_table_is_empty() -> None:
    assert rows(Read("lead", ("leadid",), "customerid", "account")) == ()


@pytest.mark.parametrize(
    ("table", "expected"),
    [("account", "accountid"), ("phonecall", "activityid"), ("my_thing", "my_thingid")],
)
def test_primary_keys_follow_the_convention(table: str, expected: str) -> None:
    assert id_column(None, table) == expected


def test_standard_lookups_are_bundled() -> None:
    assert lookups("invoice")["customerid"] == ("account", "contact")
    assert lookups("my_thing") == {}
