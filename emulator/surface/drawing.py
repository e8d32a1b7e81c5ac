"""Views and charts: their queries must be readable and show what the table has."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.query.fetchxml.model import Fetch
from emulator.query.fetchxml.parse import parse_fetch
from emulator.rows.transaction import Transaction

MAIN_VIEW = 0
Row = Mapping[str, Any]


def check_view(tx: Transaction, row: Row) -> None:
    """A public view: a query of its table and a layout of columns that the query brings."""
    table = _table(tx, row["returnedtypecode"])
    if row["querytype"] != MAIN_VIEW:
        raise Unsupported(f"views of the type {row['querytype']}")
    fetch = _query(tx, row["fetchxml"], table)
    grid = _xml("grid", row["layoutxml"])
    code = str(tx.org.definitions.tables[table].type_code)
    if grid.get("object") != code:
        raise invalid_argument(f"The layout is of the object {grid.get('object')}, not {code}.")
    shown = {cell.get("name") for cell in grid.iter("cell")}
    brought = {column.attrib["name"] for column in _xml("fetch", row["fetchxml"]).iter("attribute")}
    if not shown or not shown <= brought:
        raise invalid_argument(f"The layout of {fetch.entity.name} shows what it does not fetch.")


def check_chart(tx: Transaction, row: Row) -> None:
    """A query with aggregates whose aliases the categories and measures name."""
    table = _table(tx, row["primaryentitytypecode"])
    data = _xml("datadefinition", row["datadescription"])
    query = data.find("fetchcollection/fetch")
    if query is None or query.get("aggregate") != "true":
        raise invalid_argument("A chart needs a query with aggregates.")
    _query(tx, ElementTree.tostring(query, "unicode"), table)
    aliases = {item.get("alias") for item in query.iter("attribute")}
    named = {item.get("alias") for tag in ("category", "measure") for item in data.iter(tag)}
    if not named or not named <= aliases:
        raise invalid_argument("The chart names aliases that its query does not have.")
    _xml("Chart", row["presentationdescription"])


def _table(tx: Transaction, name: str | None) -> str:
    if name not in tx.org.definitions.tables:
        raise ApiError(404, "0x80041102", f"The entity {name} was not found.")
    return name


def _query(tx: Transaction, text: str | None, table: str) -> Fetch:
    fetch = parse_fetch(text or "")
    columns = tx.org.definitions.tables[table].columns
    named = [item.get("name") for item in _xml("fetch", text).iter("attribute")]
    if fetch.entity.name != table or any(name not in columns for name in named):
        raise invalid_argument(f"The query does not fit the table {table}.")
    return fetch


def _xml(tag: str, text: str | None) -> ElementTree.Element:
    try:
        found = ElementTree.fromstring(text or "")
    except ElementTree.ParseError as mistake:
        raise invalid_argument(f"{tag}: {mistake}") from mistake
    if found.tag != tag:
        raise invalid_argument(f"<{tag}> is expected, not <{found.tag}>.")
    return found
