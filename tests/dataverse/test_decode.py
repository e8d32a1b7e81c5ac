"""Pages as rows."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gradesys.dataverse.decode import PageDecoder
from gradesys.dataverse.shapes import shape_of
from gradesys.errors import PermanentError
from gradesys.records import Ref, Row, Value
from tests.dataverse.sample import ACCOUNT_ID, CONTACT_ID, INVOICE_ID, SCHEMA

LOCAL = datetime.fromisoformat("2026-03-01T08:00:00")
TYPE = "@Microsoft.Dynamics.CRM.lookuplogicalname"


def rows_of(content: str, *columns: str) -> tuple[Row, ...]:
    decoder = PageDecoder(shape_of(SCHEMA, "invoice", columns), columns)
    return tuple(decoder.decode(content.encode()).rows)


def cell_of(member: str, column: str) -> Value:
    (row,) = rows_of(f'{{"value": [{{{member}}}]}}', column)
    return row[column]


@pytest.mark.parametrize(
    ("member", "column", "value"),
    [
        (f'"invoiceid": "{INVOICE_ID.upper()}"', "invoiceid", INVOICE_ID),
        ('"name": "فاکتور ۱"', "name", "فاکتور ۱"),
        ('"statecode": 2', "statecode", Decimal(2)),
        ('"ispriced": false', "ispriced", False),
        ('"createdon": "2026-03-01T08:00:00Z"', "createdon", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        (
            '"createdon": "2026-03-01T11:30:00+03:30"',
            "createdon",
            datetime(2026, 3, 1, 8, tzinfo=UTC),
        ),
        ('"duedate": "2026-03-01"', "duedate", date(2026, 3, 1)),
        ('"duedate": "2026-03-01T00:00:00Z"', "duedate", date(2026, 3, 1)),
        ('"promisedat": "2026-03-01T08:00:00Z"', "promisedat", LOCAL),
        ('"totalamount": null', "totalamount", None),
        ('"unknown": {"deep": [1]}', "totalamount", None),
        ('"_customerid_value": null', "customerid", None),
        (
            f'"_customerid_value": "{CONTACT_ID.upper()}", "_customerid_value{TYPE}": "contact"',
            "customerid",
            Ref("contact", CONTACT_ID),
        ),
        (
            f'"_salesorderid_value": "{ACCOUNT_ID}"',
            "salesorderid",
            Ref("salesorder", ACCOUNT_ID),
        ),
    ],
)
def test_a_cell_has_the_type_of_its_column(member: str, column: str, value: Value) -> None:
    found = cell_of(member, column)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "digits",
    [
        "1234567890123456.7801",
        "0.1",
        "1.50",
        "-0.0000000001",
        "1e3",
        "1E+3",
        "99999999999999999999",
        "12345678901234567890.0123456789",
    ],
)
@pytest.mark.parametrize("column", ["totalamount", "exchangerate", "quantity"])
def test_a_number_keeps_every_digit(column: str, digits: str) -> None:
    assert str(cell_of(f'"{column}": {digits}', column)) == str(Decimal(digits))


@pytest.mark.parametrize(
    ("account", "contact", "score", "name"),
    [
        ('{"gs_score": 81.5, "name": "A"}', "null", Decimal("81.5"), "A"),
        ("null", '{"gs_score": 7}', Decimal(7), None),
        ("null", "null", None, None),
    ],
)
def test_a_parents_columns_are_flat_and_null_when_there_is_no_parent(
    account: str, contact: str, score: Value, name: Value
) -> None:
    content = f'{{"value": [{{"customerid_account": {account}, "customerid_contact": {contact}}}]}}'
    columns = ("customerid.gs_score", "customerid.name")
    assert rows_of(content, *columns) == ({columns[0]: score, columns[1]: name},)


def test_a_parents_parent_is_reached() -> None:
    order = {"statecode": 3, "customerid_account": {"name": "A"}, "customerid_contact": None}
    columns = ("salesorderid.statecode", "salesorderid.customerid.name")
    (row,) = rows_of(json.dumps({"value": [{"salesorderid": order}]}), *columns)
    assert row == {columns[0]: Decimal(3), columns[1]: "A"}


def test_the_link_to_the_next_page_comes_along() -> None:
    decoder = PageDecoder(shape_of(SCHEMA, "invoice", ["name"]), ("name",))
    assert decoder.decode(b'{"value": [], "@odata.nextLink": "x"}').next_link == "x"
    assert decoder.decode(b'{"value": []}').next_link is None


@pytest.mark.parametrize(
    "content",
    [
        "<html>502</html>",
        '{"value": [{"totalamount": NaN}]}',
        '{"value": [{"totalamount": [1]}]}',
        '{"value": [{"duedate": "soon"}]}',
        '{"value": [{"name": "torn',
        "{}",
        f'{{"value": [{{"_customerid_value": "{ACCOUNT_ID}"}}]}}',
    ],
)
def test_a_page_of_another_kind_is_refused(content: str) -> None:
    with pytest.raises(PermanentError):
        rows_of(content, "name", "totalamount", "duedate", "customerid")
