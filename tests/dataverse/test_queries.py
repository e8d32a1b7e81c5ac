"""Reads as URLs."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import unquote
from uuid import UUID

import pytest

from gradesys.dataverse.queries import URL_LIMIT, urls, worded
from gradesys.errors import MissingMetadata, PermanentError
from gradesys.records import AllOf, Compare, Narrowing, Read, Scope
from tests.dataverse.sample import ACCOUNT_ID, OTHER_ID, SCHEMA

ANY: Narrowing = AllOf(())
PAID = Compare("statecode", "eq", Decimal(2))


def invoices(*columns: str, where: Narrowing = ANY) -> Read:
    return Read("invoice", columns, "customerid", "account", where)


@pytest.mark.parametrize(
    ("read", "scope", "url"),
    [
        (
            Read("account", ("accountid", "gs_score"), "accountid", "account"),
            Scope("account"),
            "accounts?$select=accountid,gs_score",
        ),
        (
            invoices("invoiceid", "customerid", where=PAID),
            Scope("account"),
            "invoices?$select=invoiceid,_customerid_value&$filter=statecode eq 2",
        ),
        (
            Read("account", ("accountid",), "accountid", "account"),
            Scope("account", (ACCOUNT_ID, OTHER_ID, ACCOUNT_ID)),
            f"accounts?$select=accountid&$filter=(accountid eq {ACCOUNT_ID}"
            f" or accountid eq {OTHER_ID})",
        ),
        (
            invoices("invoiceid", "customerid", where=PAID),
            Scope("account", (ACCOUNT_ID,)),
            "invoices?$select=invoiceid,_customerid_value"
            f"&$filter=statecode eq 2 and (_customerid_value eq {ACCOUNT_ID})",
        ),
        (
            invoices("invoiceid", "customerid.gs_score", "customerid.name"),
            Scope("account"),
            "invoices?$select=invoiceid&$expand=customerid_account($select=gs_score,name)"
            ",customerid_contact($select=gs_score)",
        ),
        (
            invoices("invoiceid", "salesorderid.statecode", "salesorderid.customerid.name"),
            Scope("account"),
            "invoices?$select=invoiceid&$expand=salesorderid($select=statecode"
            ";$expand=customerid_account($select=name))",
        ),
    ],
)
def test_a_read_becomes_one_url(read: Read, scope: Scope, url: str) -> None:
    assert [unquote(text) for text in urls(worded(SCHEMA, read), scope)] == [url]


def test_no_ids_ask_for_nothing() -> None:
    assert urls(worded(SCHEMA, invoices("invoiceid")), Scope("account", ())) == []


def test_many_ids_are_split_into_urls_of_bearable_length() -> None:
    ids = tuple(str(UUID(int=number)) for number in range(1000))
    found = urls(
        worded(SCHEMA, invoices("invoiceid", "customerid", where=PAID)), Scope("account", ids)
    )
    assert len(found) == 3
    assert all(len(url) <= URL_LIMIT for url in found)
    assert [id_ for id_ in ids if sum(id_ in url for url in found) != 1] == []


def test_a_narrowing_too_long_beside_ids_is_left_out() -> None:
    many = Compare("quantity", "in", tuple(map(Decimal, range(2000))))
    url, *more = urls(
        worded(SCHEMA, invoices("invoiceid", where=many)), Scope("account", (ACCOUNT_ID,))
    )
    assert more == []
    assert unquote(url).endswith(f"$filter=(_customerid_value eq {ACCOUNT_ID})")


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        (("invoiceid", "salesorderid"), False),
        (("invoiceid", "customerid"), True),
        (("invoiceid", "salesorderid.customerid"), True),
    ],
)
def test_lookup_names_are_asked_for_only_where_a_lookup_has_several_targets(
    columns: tuple[str, ...], wanted: bool
) -> None:
    header = worded(SCHEMA, invoices(*columns)).prefer["Prefer"]
    assert header.startswith("odata.maxpagesize=5000")
    assert ("lookuplogicalname" in header) is wanted


@pytest.mark.parametrize(
    "column",
    [
        "nothing",
        "invoiceid,name",
        "customerid.ownerid.fullname",
        "customerid.nothing",
        "nothing.nothing",
        "salesorderid.customerid.primarycontactid.gs_score",
        "entityimage",
    ],
)
def test_a_column_that_cannot_be_read_is_named(column: str) -> None:
    with pytest.raises(MissingMetadata, match=column.rpartition(".")[2]):
        urls(worded(SCHEMA, invoices(column)), Scope("account"))


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(MissingMetadata, match="lead"):
        urls(worded(SCHEMA, Read("lead", ("leadid",), "leadid", "lead")), Scope("lead"))


def test_an_id_that_is_none_never_reaches_a_url() -> None:
    with pytest.raises(PermanentError):
        urls(worded(SCHEMA, invoices("invoiceid")), Scope("account", ("x' or 1 eq 1",)))
