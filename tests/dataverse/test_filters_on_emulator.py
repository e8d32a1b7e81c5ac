"""Every filter, asked of the server and not asked of it: the same rows pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import load_schema
from gradesys.dataverse.store import DataverseStore
from gradesys.dataverse.wire import encode
from gradesys.records import Narrowing, Plan, Read, Row, Schema, Scope
from gradesys.rules.clock import Calendar, Moment
from gradesys.rules.filters import Place, compile_predicate
from gradesys.rules.predicates import Predicate
from tests.dataverse.edges import DAYS, NOW, ORDERS, ZONES, organisation
from tests.dataverse.emulated import account_id, contact_id, invoice_id
from tests.emulator.serving import OrgServer
from tests.oracle.values import exact
from tests.rules.drawn import ours

pytestmark = pytest.mark.long

TABLES = ("account", "contact", "invoice", "opportunity", "salesorder")
Json = dict[str, Any]


def _typed(kind: str, name: str, **more: Any) -> Json:
    label = {"LocalizedLabels": [{"Label": name, "LanguageCode": 1033}]}
    cast = f"Microsoft.Dynamics.CRM.{kind}AttributeMetadata"
    return {"@odata.type": cast, "SchemaName": name, "DisplayName": label, **more}


LOCAL = {"Format": "DateAndTime", "DateTimeBehavior": {"Value": "TimeZoneIndependent"}}
CUSTOM = (
    _typed("DateTime", "gs_Meeting", **LOCAL),
    _typed("Double", "gs_Rate", Precision=2, MinValue=-100.0, MaxValue=100.0),
)


@dataclass(frozen=True, slots=True)
class Edges:
    """The organisation at the edges, and its invoices read without any narrowing."""

    schema: Schema
    store: DataverseStore
    rows: dict[frozenset[str], list[Row]]

    def read(self, columns: frozenset[str], where: Narrowing | None = None) -> list[Row]:
        names = tuple(sorted({"invoiceid", "customerid", *columns}))
        read = Read("invoice", names, "customerid", "account")
        if where is not None:
            read = Read("invoice", names, "customerid", "account", where)
        pages = self.store.pages(Plan((read,), Scope("account")))
        return [row for page in pages for row in page.rows]

    def everything(self, columns: frozenset[str]) -> list[Row]:
        if columns not in self.rows:
            self.rows[columns] = self.read(columns)
        return self.rows[columns]


@pytest.fixture(scope="module")
def edges(
    tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., OrgServer]
) -> Iterator[Edges]:
    file: Path = tmp_path_factory.mktemp("edges") / "rows.json"
    file.write_bytes(encode(organisation()))
    server = start_server(data=file)
    for column in CUSTOM:
        path = "EntityDefinitions(LogicalName='invoice')/Attributes"
        assert server.send("POST", path, column).ok
    for number, day in enumerate(DAYS):
        for seconds, moment in enumerate(("T00:00:00Z", "T00:00:01Z", "T23:59:59Z")):
            body = {"gs_meeting": day + moment, "gs_rate": (0.1, 0.3, -2.5)[seconds]}
            assert server.send("PATCH", f"invoices({invoice_id(3 * number + seconds)})", body).ok
    with closing(Client(server.url, lambda: None)) as client:
        schema = load_schema(client, TABLES)
        yield Edges(schema, DataverseStore(client, schema, {}), {})
    assert server.unsupported() == 0


def _each(column: str, *operands: Any) -> list[Json]:
    """Every operator that a kind with an order has."""
    found: list[Json] = [{column: operands[0]}, {column: list(operands)}, {column: None}]
    found += [{column: {op: one}} for op in ("eq", "ne") for one in (*operands, None)]
    found += [{column: {op: one}} for op in ("gt", "ge", "lt", "le") for one in (*operands, None)]
    found += [{column: {op: list(operands)}} for op in ("in", "not_in")]
    found += [{column: {"in": [operands[0], None]}}, {column: {"not_in": [operands[0], None]}}]
    found += [{column: {op: []}} for op in ("in", "not_in")]
    found += [{column: {"between": [low, operands[-1]]}} for low in (operands[0], None)]
    found += [{column: {"is_null": null}} for null in (True, False)]
    return found


def _equal(column: str, *operands: Any) -> list[Json]:
    """Every operator that a kind without an order has."""
    ordered = ("gt", "ge", "lt", "le", "between")
    every = _each(column, *operands)
    return [f for f in every if not isinstance(f[column], dict) or not {*f[column]} & {*ordered}]


TEXTS = ("شرکت نوین", "شرکتنوین", "فاکتور 123", "café", "o'brien & söhne", "", "100%_[a]")
TEXT = [
    *({"name": text} for text in TEXTS),
    *({"name": {op: text}} for op in ("eq", "ne", "gt", "le") for text in TEXTS[:4]),
    {"name": list(TEXTS[:3])},
    {"name": {"not_in": [*TEXTS[:3], None]}},
    *(
        {"name": {op: text}}
        for op in ("contains", "starts_with", "ends_with")
        for text in ("شرکت", "نوين", "١٢٣", "_", "", "É", None)
    ),
    {"name": None},
    {"name": {"is_null": False}},
]
WINDOWS: list[Json] = [
    *({"last": length} for length in ("1 days", "30 days", "1 weeks", "1 months", "1 years")),
    *({"last": "1 months", "offset": k} for k in (-1, 1)),
    *({"next": length} for length in ("1 days", "3 weeks", "1 months")),
    *(
        {"period": period, "offset": k, "calendar": calendar}
        for period in ("day", "week", "month", "quarter", "year")
        for k in (-1, 0)
        for calendar in ("gregorian", "jalali")
    ),
    {"period": "fiscal_year", "fiscal_year_start": 10},
    {"period": "month", "to_date": True},
    {"from": "2026-02-01", "to": "2026-03-01"},
    {"from": "2026-03-08"},
    {"to": "2025-11-02"},
    {"from": "@today-1", "to": "@today+1"},
    {"from": "0001-01-05"},
]
DATED = ("duedate", "gs_meeting", "salesorderid.createdon")
DATES: list[Json] = [
    *(each for c in DATED for each in _each(c, "2026-03-01", "@today+1", "2026-03-08")),
    *({column: {"within": window}} for column in DATED for window in WINDOWS),
    *_each("duedate", "2026-03-01T00:00:00+03:30", "2026-02-01T00:00:00Z"),
]
INSTANTS: list[Json] = [
    *_each("createdon", "2026-03-01", "@today+1", "2026-03-08"),
    *_each("createdon", "2026-03-01T00:00:00+03:30", "2026-03-08T05:00:00Z"),
    *({"createdon": {"within": window}} for window in WINDOWS),
]
PARENTS: list[Json] = [
    *_each("salesorderid.statecode", 3, 0),
    *_each("salesorderid.totalamount_base", 100, 0),
    *_equal("salesorderid.customerid", account_id(1), contact_id(1)),
    *_equal("salesorderid.opportunityid.statecode", 1),
    *_equal("customerid.creditonhold", True),
    *_each("customerid.creditlimit", 5, 7),
    {"salesorderid.name": "سفارش ک"},
    {"salesorderid.name": {"contains": "ک"}},
]
NUMBERS: list[Json] = [
    *_each("importsequencenumber", 0, 1, 2**31 - 1, -(2**31)),
    *_each("importsequencenumber", 0.5, 2**31),
    *_each("totalamount_base", 100, 100.50, 0.0001),
    *_each("totalamount_base", 0.00000000001, 10**12),
    *_each("discountpercentage", 12.34567, 100),
    *_each("gs_rate", 0.1, -2.5),
    *_each("statecode", 2, 0),
]
OTHERS: list[Json] = [
    *_equal("ispricelocked", True, False),
    *_equal("customerid", account_id(1), contact_id(1)),
    *_equal("salesorderid", ORDERS[1], ORDERS[0]),
    *_equal("invoiceid", invoice_id(1), invoice_id(2)),
]
PAID, LATE, NAMED = {"statecode": 2}, {"createdon": {"lt": "@today"}}, {"name": "شرکت نوین"}
PARENT = {"salesorderid.statecode": 3}
GROUPS: list[Json] = [
    *({kind: [one, two]} for kind in ("any", "all", "not") for one, two in (
        (PAID, LATE), (PAID, NAMED), (LATE, PARENT), (NAMED, PARENT),
    )),
    *({"not": each} for each in (PAID, LATE, NAMED, PARENT)),
    *({kind: []} for kind in ("any", "all", "not")),
    {"any": [{"not": [PAID, {"any": [LATE, {"duedate": None}]}]}, {"all": [PARENT, PAID]}]},
]  # fmt: skip
FILTERS = [*NUMBERS, *TEXT, *OTHERS, *DATES, *INSTANTS, *PARENTS, *GROUPS]


def compiled(edges: Edges, filter: Json, zone: str) -> tuple[Predicate, Moment]:
    calendar = Calendar(ZoneInfo(zone))
    place = Place("invoice", edges.schema, calendar)
    return compile_predicate(ours(exact(filter)), place), Moment(NOW, calendar)


def check(edges: Edges, filter: Json, zone: str) -> None:
    """Neither the filter nor its opposite loses a row; an exact narrowing brings no other."""
    predicate, moment = compiled(edges, filter, zone)
    everything = edges.everything(predicate.columns)
    for wanted in (True, False):
        passing = {r["invoiceid"] for r in everything if predicate.test(r, moment) is wanted}
        read = edges.read(predicate.columns, predicate.narrow(moment, wanted))
        assert {r["invoiceid"] for r in read if predicate.test(r, moment) is wanted} == passing
        if predicate.exact(moment):
            assert len(read) == len(passing)


@pytest.mark.parametrize("filter", FILTERS, ids=str)
def test_a_filter_asked_of_the_server_loses_no_row(edges: Edges, filter: Json) -> None:
    check(edges, filter, "Asia/Tehran")


@pytest.mark.parametrize("zone", ZONES[1:])
@pytest.mark.parametrize("filter", INSTANTS, ids=str)
def test_no_row_is_lost_where_the_day_begins_at_another_time(
    edges: Edges, filter: Json, zone: str
) -> None:
    check(edges, filter, zone)


@pytest.mark.parametrize(
    "filter",
    [
        {"importsequencenumber": 0}, {"totalamount_base": {"gt": 0}}, {"statecode": {"ne": 2}},
        {"discountpercentage": None}, {"ispricelocked": True}, {"createdon": "@today"},
        {"duedate": {"within": {"last": "30 days"}}}, {"gs_meeting": {"lt": "@today"}},
        {"customerid": account_id(1)}, {"salesorderid.statecode": 3}, {"name": {"is_null": True}},
    ],
    ids=str,
)  # fmt: skip
def test_these_filters_are_asked_of_the_server_indeed(edges: Edges, filter: Json) -> None:
    predicate, moment = compiled(edges, filter, "Asia/Tehran")
    read = edges.read(predicate.columns, predicate.narrow(moment, True))
    assert 0 < len(read) < len(edges.everything(predicate.columns))
