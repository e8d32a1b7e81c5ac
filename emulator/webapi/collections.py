"""Reading many rows: an entity set or the children of a row, page by page."""

from typing import Any

from emulator.definitions import Definitions, End, Table
from emulator.errors import ApiError, Unsupported, missing_row, missing_segment
from emulator.query.annotations import METADATA_VERSION, TOTAL, TOTAL_EXCEEDED
from emulator.query.cookies import read_cookie, write_cookie
from emulator.query.options import APPLY, FETCH, SQL, Options, parse_query
from emulator.query.pages import PAGE, Page, Window
from emulator.query.read import Reader
from emulator.query.source import TRUE, Sql
from emulator.rows.schema import quote
from emulator.webapi.apply import read_apply
from emulator.webapi.calls import Answer, Call
from emulator.webapi.context import context_of, reader_of
from emulator.webapi.fetch import read_fetch
from emulator.webapi.headers import Preferences, read_preferences
from emulator.webapi.next_links import next_link
from emulator.webapi.sql import read_sql
from emulator.webapi.tracking import count_since, read_changes, tracks_changes


def read_set(call: Call, table: Table) -> Answer:
    """GET an entity set."""
    if tracks_changes(call):
        return read_changes(call, table)
    options = parse_query(call.query, frozenset({APPLY, FETCH, SQL}))
    if options.sql is not None:
        return read_sql(call, table, options)
    if options.fetch is not None:
        return read_fetch(call, table, options)
    if options.apply is not None:
        return read_apply(call, table, options)
    return _read(call, table, TRUE, options)


def read_children(call: Call, table: Table, row_id: str, navigation: str) -> Answer:
    """GET a collection-valued navigation property of one row."""
    child, tie = children_of(call, table, row_id, navigation)
    if tracks_changes(call):
        raise Unsupported("change tracking of a part of a table")
    return _read(call, child, tie, parse_query(call.query))


def children_of(call: Call, table: Table, row_id: str, navigation: str) -> tuple[Table, Sql]:
    """The table behind a collection and the condition for the children of this row."""
    definitions = call.org.definitions
    if call.org.row(table.name, row_id) is None:
        raise missing_row(table.name, row_id)
    end = definitions.ends.get((table.name, navigation))
    if end is not None:
        return _linked(definitions, end, row_id)
    relationship = definitions.children.get((table.name, navigation))
    if relationship is None:
        raise missing_segment(navigation)
    lookup, kind = quote(relationship.lookup), quote(relationship.lookup + "@type")
    tie = Sql(f"t0.{lookup} = ? AND t0.{kind} = ?", (row_id, table.name))
    return definitions.tables[relationship.child], tie


def _linked(definitions: Definitions, end: End, row_id: str) -> tuple[Table, Sql]:
    target = definitions.tables[end.target]
    links = (
        f"SELECT {quote(end.far)} FROM {quote(end.relationship.intersect)} "
        f"WHERE {quote(end.near)} = ?"
    )
    return target, Sql(f"t0.{quote(target.id_column)} IN ({links})", (row_id,))


def count_set(call: Call, table: Table, tie: Sql = TRUE) -> Answer:
    """GET ``<set>/$count``: a bare number, at most 5,000."""
    if tie is TRUE and tracks_changes(call):
        return count_since(call, table)
    options = parse_query(call.query)
    with call.org.reading() as connection:
        reader = reader_of(call, connection, read_preferences(call.headers).wanted)
        number = reader.count(table, options, tie)
    return Answer(200, str(min(number, PAGE)).encode(), {"Content-Type": "text/plain"})


def _read(call: Call, table: Table, tie: Sql, options: Options) -> Answer:
    preferences = read_preferences(call.headers)
    number, window = _window(options, preferences)
    with call.org.reading() as connection:
        reader = reader_of(call, connection, preferences.wanted)
        page = reader.page(reader.shape(table, options), options, tie, window)
        counted = _counted(reader, table, options, tie)
    body: dict[str, Any] = {"@odata.context": context_of(call, table, options)}
    if METADATA_VERSION in preferences.wanted:
        body[f"@{METADATA_VERSION}"] = str(call.org.metadata_version)
    body |= counted | {"value": page.rows}
    body |= _next_link(call, options, preferences, page, number + 1)
    return Answer(200, body, preferences.echo())


def _window(options: Options, preferences: Preferences) -> tuple[int, Window]:
    number, after = 1, None
    if options.skiptoken is not None:
        number, last = read_cookie(options.skiptoken)
        after = tuple(last)
        if len(last) != len(options.order) + 1:
            raise ApiError(400, "0x80040203", "The paging cookie belongs to another query.")
    size = preferences.page_size or PAGE
    if options.top is not None and preferences.page_size is None:
        size = min(options.top, size)
    return number, Window(size, after)


def _counted(reader: Reader, table: Table, options: Options, tie: Sql) -> dict[str, Any]:
    number = reader.count(table, options, tie) if options.count else -1
    found: dict[str, Any] = {"@odata.count": min(number, PAGE)} if options.count else {}
    if TOTAL in reader.wanted:
        found[f"@{TOTAL}"] = min(number, PAGE)
    if TOTAL_EXCEEDED in reader.wanted:
        found[f"@{TOTAL_EXCEEDED}"] = number > PAGE
    return found


def _next_link(
    call: Call, options: Options, preferences: Preferences, page: Page, number: int
) -> dict[str, str]:
    if page.last is None or (options.top is not None and preferences.page_size is None):
        return {}
    return {"@odata.nextLink": next_link(call, write_cookie(number, page.last))}
