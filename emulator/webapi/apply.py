"""GET ``<set>?$apply=...``: the answer around the groups."""

from typing import Any

from emulator.definitions import Table
from emulator.query.applied import apply_rows
from emulator.query.apply import check_order, parse_apply
from emulator.query.cookies import read_cookie, write_cookie
from emulator.query.options import APPLY, Options
from emulator.query.pages import PAGE
from emulator.webapi.calls import Answer, Call
from emulator.webapi.context import reader_of
from emulator.webapi.headers import Preferences, read_preferences
from emulator.webapi.next_links import next_link


def read_apply(call: Call, table: Table, options: Options) -> Answer:
    """The groups of one page; its cookie only counts them."""
    preferences = read_preferences(call.headers)
    options.refuse_beside(APPLY, "$orderby", "$top", "$skiptoken")
    wanted = parse_apply(options.apply or "")
    check_order(options.order, wanted.groups or ())
    with call.org.reading() as connection:
        reader = reader_of(call, connection, preferences.wanted)
        rows = apply_rows(reader, table, wanted, options.order)
    number, start = _start(options)
    size = _size(options, preferences)
    body: dict[str, Any] = {"@odata.context": f"{call.root}$metadata#{table.set_name}"}
    body["value"] = rows[start : start + size]
    if len(rows) > start + size and options.top is None:
        body["@odata.nextLink"] = next_link(call, write_cookie(number + 1, [start + size]))
    return Answer(200, body, preferences.echo())


def _start(options: Options) -> tuple[int, int]:
    if options.skiptoken is None:
        return 1, 0
    number, last = read_cookie(options.skiptoken)
    return number, int(str(last[0]))


def _size(options: Options, preferences: Preferences) -> int:
    size = preferences.page_size or PAGE
    return size if options.top is None else min(options.top, size)
