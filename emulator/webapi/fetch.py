"""GET ``<set>?fetchXml=...``: the answer around the rows of a FetchXML query."""

from typing import Any

from msgspec.structs import replace

from emulator.definitions import Table
from emulator.errors import bad_query
from emulator.query.annotations import TOTAL, TOTAL_EXCEEDED
from emulator.query.fetchxml.model import Fetch
from emulator.query.fetchxml.parse import parse_fetch
from emulator.query.fetchxml.rows import Fetched, fetch_rows
from emulator.query.fetchxml.summary import fetch_summary
from emulator.query.options import FETCH, Options
from emulator.query.pages import PAGE
from emulator.query.read import Reader
from emulator.webapi.calls import Answer, Call
from emulator.webapi.context import reader_of
from emulator.webapi.headers import read_preferences

COOKIE = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie"
MORE = "Microsoft.Dynamics.CRM.morerecords"


def read_fetch(call: Call, table: Table, options: Options) -> Answer:
    """The page of a query whose entity must be the table of the address."""
    preferences = read_preferences(call.headers)
    options.refuse_beside(FETCH, "$count")
    fetch = parse_fetch(options.fetch or "")
    if fetch.top is None and fetch.count is None:
        fetch = replace(fetch, count=preferences.page_size)
    if fetch.entity.name != table.name:
        raise bad_query(
            f"The entity '{fetch.entity.name}' of the FetchXML query does not match the entity "
            f"set '{table.set_name}'."
        )
    counted = fetch.total or options.count
    with call.org.reading() as connection:
        reader = reader_of(call, connection, preferences.wanted)
        found = _found(reader, fetch, counted)
    body: dict[str, Any] = {"@odata.context": f"{call.root}$metadata#{table.set_name}"}
    if options.count:
        body["@odata.count"] = min(found.total, PAGE)
    body |= _annotations(reader, found) | {"value": found.rows}
    return Answer(200, body, preferences.echo())


def _found(reader: Reader, fetch: Fetch, counted: bool) -> Fetched:
    if fetch.aggregate:
        return fetch_summary(reader, fetch)
    return fetch_rows(reader, fetch, counted=counted)


def _annotations(reader: Reader, found: Fetched) -> dict[str, Any]:
    """The cookie and the word that more follows are only there when more does."""
    body: dict[str, Any] = {}
    if TOTAL in reader.wanted:
        body[f"@{TOTAL}"] = min(found.total, PAGE)
    if TOTAL_EXCEEDED in reader.wanted:
        body[f"@{TOTAL_EXCEEDED}"] = found.total > PAGE
    if found.more and found.cookie and COOKIE in reader.wanted:
        body[f"@{COOKIE}"] = found.cookie
    if found.more and MORE in reader.wanted:
        body[f"@{MORE}"] = True
    return body
