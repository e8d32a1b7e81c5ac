"""What answers say about themselves: the ``@odata.context``, and the reader behind them."""

import sqlite3
from dataclasses import replace

from emulator.definitions import Table
from emulator.query.annotations import FORMATTED, Wanted
from emulator.query.options import Options
from emulator.query.read import Reader
from emulator.rows.fetch import fetch_row
from emulator.seeds import BASE_LANGUAGE, SERVICE_USER_ID
from emulator.webapi.calls import Call


def reader_of(call: Call, connection: sqlite3.Connection, wanted: Wanted) -> Reader:
    """A reader whose labels are in the language of the user's settings."""
    if FORMATTED in wanted:
        settings = call.org.definitions.tables["usersettings"]
        row = fetch_row(connection, settings, SERVICE_USER_ID)
        wanted = replace(wanted, language=(row or {}).get("uilanguageid") or BASE_LANGUAGE)
    return Reader(connection, call.org.definitions, call.root, wanted)


def context_of(call: Call, table: Table, options: Options) -> str:
    """E.g. ``{root}$metadata#accounts(name,primarycontactid(fullname))``."""
    inner = _selection(options)
    return f"{call.root}$metadata#{table.set_name}{f'({inner})' if inner else ''}"


def _selection(options: Options) -> str:
    expanded = [f"{name}({_selection(inner)})" for name, inner in options.expand]
    return ",".join([*options.select, *expanded])
