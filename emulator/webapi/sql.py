"""GET ``<set>?sql=...``: the answer to a SELECT (Microsoft's SDK sends it)."""

from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from msgspec.structs import replace

from emulator.definitions import Table
from emulator.errors import bad_query, invalid_argument
from emulator.query.fetchxml.model import Fetch
from emulator.query.fetchxml.rows import Fetched, fetch_rows
from emulator.query.fetchxml.summary import fetch_summary
from emulator.query.options import SQL, Options
from emulator.query.pages import PAGE
from emulator.query.read import Reader
from emulator.query.sql.model import Select
from emulator.query.sql.parse import parse_select
from emulator.query.sql.translate import to_fetch
from emulator.webapi.calls import Answer, Call
from emulator.webapi.context import reader_of
from emulator.webapi.headers import read_preferences
from emulator.webapi.next_links import next_link


def read_sql(call: Call, table: Table, options: Options) -> Answer:
    """The rows with the selected columns only; null is a value, as in SQL."""
    options.refuse_beside(SQL, "$skiptoken")
    select = parse_select(options.sql or "")
    if select.table != table.name:
        raise bad_query(f"The statement reads '{select.table}', the address '{table.set_name}'.")
    fetch, names = to_fetch(call.org.definitions, select)
    fetch = _windowed(fetch, select, options.skiptoken)
    with call.org.reading() as connection:
        reader = reader_of(call, connection, read_preferences(call.headers).wanted)
        found = _found(reader, fetch)
    rows = found.rows[select.skipped :] if select.size != 0 else []
    body: dict[str, Any] = {"@odata.context": f"{call.root}$metadata#{table.set_name}"}
    body["value"] = [{name: row.get(name) for name in names} for row in rows]
    if found.more:
        body["@odata.nextLink"] = next_link(call, found.cookie or _place(fetch.page + 1))
    return Answer(200, body)


def _windowed(fetch: Fetch, select: Select, token: str | None) -> Fetch:
    """Without TOP or OFFSET the answer has pages; with them one of at most 5,000 rows."""
    if select.size is None and not select.skipped:
        return _continued(replace(fetch, count=PAGE), token)
    rows = select.skipped + (PAGE if select.size is None else select.size)
    if rows > PAGE:
        raise invalid_argument(f"TOP and OFFSET reach no further than {PAGE} rows.")
    return replace(fetch, top=max(rows, 1))


def _continued(fetch: Fetch, token: str | None) -> Fetch:
    if token is None:
        return fetch
    try:
        place = ElementTree.fromstring(token).attrib
        page, cookie = int(place["pagenumber"]), place.get("pagingcookie")
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise invalid_argument("Malformed XML in the Paging Cookie.") from error
    return replace(fetch, page=page, cookie=cookie and unquote(unquote(cookie)))


def _place(page: int) -> str:
    return f'<cookie pagenumber="{page}" istracking="False" />'


def _found(reader: Reader, fetch: Fetch) -> Fetched:
    return (
        fetch_summary(reader, fetch)
        if fetch.aggregate
        else fetch_rows(reader, fetch, counted=False)
    )
