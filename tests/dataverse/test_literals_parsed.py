"""What is written into a query, an independent parser reads back as that value and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odata_query import ast
from odata_query.grammar import ODataLexer, ODataParser

from gradesys.dataverse.fetchfilters import add_filter
from gradesys.dataverse.fetchxml import Fetch
from gradesys.dataverse.odata import filter_text
from gradesys.dataverse.queries import urls, worded
from gradesys.errors import MissingMetadata, PermanentError
from gradesys.records import AllOf, Compare, Kind, Read, Ref, Scope, Value
from tests.dataverse.sample import ACCOUNT_ID, INVOICE, SCHEMA

proof = settings(max_examples=100, deadline=None, derandomize=True)
TEXT = st.text(st.characters(codec=None), max_size=40)
HOSTILE = TEXT | st.sampled_from(
    ["'", "''", "' or 1 eq 1", "%27", "%", "&$select=*", "a\nb", "\0", "شرکت ‌", "\ud800",
     "]]>", "<x/>"]
)  # fmt: skip
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
IDS = st.uuids().map(str)
ZONES: st.SearchStrategy[tzinfo] = st.integers(-840, 840).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
FIRST, LAST = (datetime.fromisoformat(day) for day in ("1000-01-02", "9999-12-30"))
"""The parser knows years of four digits; Dataverse begins with 1753."""
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "totalamount": NUMBERS,
    "exchangerate": NUMBERS,
    "quantity": st.integers(-(2**31), 2**31).map(Decimal),
    "statecode": st.integers(-1, 2**31 - 1).map(Decimal),
    "ispriced": st.booleans(),
    "invoiceid": IDS,
    "customerid": IDS.map(lambda id_: Ref("account", id_)),
    "duedate": st.dates(date(1000, 1, 1)),
    "createdon": st.datetimes(FIRST, LAST, timezones=ZONES),
    "promisedat": st.datetimes(FIRST, LAST),
}
KINDS = {name: INVOICE.columns[name].kind for name in (*VALUES, "name", "entityimage")}
ANYTHING = st.one_of(*VALUES.values(), HOSTILE, st.none())
COMPARED = st.sampled_from(sorted(VALUES)).flatmap(lambda n: st.tuples(st.just(n), VALUES[n]))
READ: dict[type, Any] = {
    ast.Integer: lambda text: Decimal(text),
    ast.Float: lambda text: Decimal(text),
    ast.Boolean: lambda text: text == "true",
    ast.GUID: lambda text: str(UUID(text)),
    ast.Date: date.fromisoformat,
    ast.DateTime: datetime.fromisoformat,
}


def parsed(text: str) -> Any:
    return ODataParser().parse(ODataLexer().tokenize(text))


def spoken(name: str) -> str:
    return f"_{name}_value" if KINDS[name] is Kind.LOOKUP else name


def meant(node: Any) -> Value:
    """The value of a parsed literal."""
    return None if isinstance(node, ast.Null) else READ[type(node)](node.val)


def same(one: Value, other: Value) -> bool:
    """As values: an instant at any offset, a local time as if it were UTC, a row by its id."""
    if isinstance(one, Ref):
        one = one.id
    if isinstance(one, datetime) and one.tzinfo is None:
        one = one.replace(tzinfo=UTC)
    return type(one) is type(other) and one == other


def leaves(node: Any) -> list[tuple[str, str, Value]]:
    """Every comparison of a filter: column, operator, value."""
    if isinstance(node, ast.BoolOp):
        return leaves(node.left) + leaves(node.right)
    assert isinstance(node, ast.Compare) and isinstance(node.left, ast.Identifier), node
    return [(node.left.name, type(node.comparator).__name__, meant(node.right))]


@proof
@given(COMPARED)
def test_a_comparison_is_read_back_as_itself(compared: tuple[str, Value]) -> None:
    name, value = compared
    ((column, operator, read),) = leaves(
        parsed(filter_text(SCHEMA, INVOICE, Compare(name, "eq", value)))
    )
    assert (column, operator) == (spoken(name), "Eq")
    assert same(value, read), (value, read)


@proof
@given(st.lists(COMPARED, min_size=1, max_size=5))
def test_a_url_says_the_same_after_it_was_decoded(compared: list[tuple[str, Value]]) -> None:
    where = AllOf(tuple(Compare(name, "eq", value) for name, value in compared))
    read = Read("invoice", ("invoiceid",), "customerid", "account", where)
    (url,) = urls(worded(SCHEMA, read), Scope("account", (ACCOUNT_ID,)))
    options = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert options.keys() == {"$select", "$filter"}
    *found, (key, operator, id_) = leaves(parsed(options["$filter"][0]))
    assert (key, operator, id_) == ("_customerid_value", "Eq", ACCOUNT_ID)
    assert [column for column, _, _ in found] == [spoken(name) for name, _ in compared]
    assert all(same(one, read) for (_, one), (_, _, read) in zip(compared, found, strict=True))


@proof
@given(st.sampled_from(("in", "not_in")), st.data())
def test_a_list_is_read_back_with_all_its_values_and_its_null(op: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(VALUES)))
    values = tuple(data.draw(st.lists(VALUES[name] | st.none(), min_size=1, max_size=4)))
    found = leaves(parsed(filter_text(SCHEMA, INVOICE, Compare(name, op, values))))
    assert all(column == spoken(name) for column, _, _ in found)
    listed, extra = found[: len(values)], found[len(values) :]
    assert all(same(one, read) for one, (_, _, read) in zip(values, listed, strict=True))
    unnamed = op == "not_in" and None not in values
    assert extra == ([(spoken(name), "Eq", None)] if unnamed else [])


@proof
@given(st.sampled_from(sorted(KINDS)), ANYTHING, st.sampled_from(("eq", "gt", "le")))
def test_any_value_is_refused_or_read_back_as_itself(name: str, value: Value, op: str) -> None:
    try:
        text = filter_text(SCHEMA, INVOICE, Compare(name, op, value))
    except PermanentError:
        return
    ((column, _, read),) = leaves(parsed(text))
    assert column == spoken(name)
    assert value is read is None or same(as_id(value), read), (value, text)


def as_id(value: Value) -> Value:
    """A text that was taken for an id is one, however it was written."""
    return str(UUID(value)) if isinstance(value, str) else value


@proof
@given(HOSTILE.filter(lambda text: not is_id(text)))
def test_a_text_is_in_no_query_whatever_its_column_holds(text: str) -> None:
    for name in KINDS:
        for write in (odata, xml):
            with pytest.raises(PermanentError):
                write(name, text)


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def odata(name: str, value: Value) -> object:
    return filter_text(SCHEMA, INVOICE, Compare(name, "eq", value))


def xml(name: str, value: Value) -> Element:
    """The filter as it arrives: written, encoded into a URL, decoded and parsed again."""
    entity = Element("entity", {"name": "invoice"})
    op = "gt" if KINDS[name] in (Kind.DATE, Kind.INSTANT, Kind.LOCAL) else "eq"
    add_filter(INVOICE, entity, Compare(name, op, value))
    path = Fetch("invoices", tostring(entity, encoding="unicode")).path()
    return fromstring(unquote(path.partition("?fetchXml=")[2]))


@proof
@given(COMPARED)
def test_a_fetchxml_condition_is_read_back_as_itself(compared: tuple[str, Value]) -> None:
    name, value = compared
    conditions = list(xml(name, value).iter("condition"))
    if isinstance(value, date):
        widened(conditions, value)
        return
    (condition,) = conditions
    assert condition.attrib == {"attribute": name, "operator": "in"}
    (said,) = (str(child.text) for child in condition)
    assert same(value, KIND_OF_TEXT[KINDS[name]](said)), (value, said)


KIND_OF_TEXT: dict[Kind, Any] = {
    **dict.fromkeys((Kind.MONEY, Kind.DOUBLE, Kind.INTEGER, Kind.CHOICE), Decimal),
    Kind.BOOLEAN: lambda text: {"0": False, "1": True}[text],
    Kind.ID: str,
    Kind.LOOKUP: str,
}


def widened(conditions: list[Element], value: date) -> None:
    """A day is said with room on its side, or not at all."""
    day = date(value.year, value.month, value.day)
    for condition in conditions:
        assert condition.get("operator") == "on-or-after"
        assert day - timedelta(days=2) == date.fromisoformat(condition.attrib["value"])
    assert conditions or not date(1754, 1, 1) < day < date(9998, 1, 1)


@proof
@given(TEXT)
def test_a_paging_cookie_goes_back_as_it_came_or_is_refused(cookie: str) -> None:
    try:
        path = Fetch("invoices", "<entity/>").path(2, cookie)
    except PermanentError:
        return
    root = fromstring(unquote(path.partition("?fetchXml=")[2]))
    assert root.get("paging-cookie", "") == cookie
    assert [child.tag for child in root] == ["entity"]


@proof
@given(
    HOSTILE | st.sampled_from(["Name", "1name", "n" * 129, "name ", "name\n", "nothing", "ñame"])
)
def test_a_name_that_metadata_does_not_have_gets_into_no_query(name: str) -> None:
    for write in (odata_name, xml_name):
        with pytest.raises(MissingMetadata):
            write(name)


def odata_name(name: str) -> None:
    read = Read("invoice", (name,), "customerid", "account")
    urls(worded(SCHEMA, read), Scope("account"))


def xml_name(name: str) -> None:
    # A dotted name is a parent's column, which this way of asking leaves to the rules.
    add_filter(INVOICE, Element("entity"), Compare(name.replace(".", ""), "eq", None))
