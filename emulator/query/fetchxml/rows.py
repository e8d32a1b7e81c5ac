"""A FetchXML query without aggregates: a page of rows."""

from collections.abc import Sequence

from msgspec import Struct

from emulator.query.fetchxml.columns import output_of
from emulator.query.fetchxml.model import Fetch
from emulator.query.fetchxml.paging import (
    Place,
    order_keys,
    place_of,
    unique_keys,
    write_fetch_cookie,
)
from emulator.query.fetchxml.plan import Plan, plan_query, table_named
from emulator.query.output import Output
from emulator.query.pages import PAGE
from emulator.query.read import Reader
from emulator.query.shape import RawRow, Row
from emulator.query.sort import SortKey


class Fetched(Struct, frozen=True):
    """A page; ``cookie`` only where the query allows one, ``total`` -1 when nobody counted."""

    rows: list[Row]
    more: bool = False
    cookie: str | None = None
    total: int = -1


def fetch_rows(reader: Reader, fetch: Fetch, *, counted: bool) -> Fetched:
    """The page of rows; ``counted`` asks for the number of all rows, at most one over 5,000."""
    plan = plan_query(reader, reader.source(table_named(reader, fetch.entity.name)), fetch.entity)
    output = output_of(plan, fetch.entity, reader.wanted, distinct=fetch.distinct)
    keys, foreign = order_keys(plan, fetch.entity)
    keys += _last_keys(plan, output)
    places = [] if fetch.distinct else _places(output, keys)
    place = place_of(fetch, keys)
    raw = _raw(plan, output, keys, place)
    more, raw = len(raw) > place.size, raw[: place.size]
    rows = [output.row(found) for found in raw]
    cookie = None
    # Neither distinct rows nor those sorted by a joined table have a cookie (dataverse.md 3.4).
    if more and places and not foreign:
        cookie = write_fetch_cookie(fetch.page, [raw[-1][at] for at in places])
    total = _total(plan, output) if counted else -1
    return Fetched(rows, more and fetch.top is None, cookie, total)


def _last_keys(plan: Plan, output: Output) -> list[SortKey]:
    """What decides between equal rows: their keys, or all they show when they are distinct."""
    if not output.distinct:
        return unique_keys(plan)
    return [SortKey(text) for text in output.expressions() if text != "NULL"]


def _places(output: Output, keys: Sequence[SortKey]) -> list[int]:
    main = output.parts[0].shape
    return [main.column_at(key.expression) for key in keys]


def _raw(plan: Plan, output: Output, keys: Sequence[SortKey], place: Place) -> list[RawRow]:
    body = plan.body([place.after])
    order = ", ".join(key.clause() for key in keys)
    statement = f"{_select(output)} {body.text} ORDER BY {order} {place.limit()}"
    return plan.reader.connection.execute(statement, body.values).fetchall()


def _select(output: Output) -> str:
    word = "SELECT DISTINCT" if output.distinct else "SELECT"
    return f"{word} {', '.join(output.expressions())}"


def _total(plan: Plan, output: Output) -> int:
    body = plan.body()
    statement = f"SELECT count(*) FROM ({_select(output)} {body.text} LIMIT {PAGE + 1})"
    return int(plan.reader.connection.execute(statement, body.values).fetchone()[0])
