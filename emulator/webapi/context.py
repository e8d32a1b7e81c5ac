"""What answers say about themselves: the ``@odata.context``, and the reader behind them."""

import sqlite3
from functools import partial
from typing import Any

from msgspec.structs import replace

from emulator.definitions import Table
from emulator.query.annotations import FORMATTED, Wanted
from emulator.query.asker import Asker
from emulator.query.options import Options
from emulator.query.read import Reader
from emulator.rows.fetch import fetch_row
from emulator.seeds import BASE_LANGUAGE, ROOT_UNIT_ID
from emulator.users_caller import caller_id
from emulator.webapi.calls import Call


def reader_of(call: Call, connection: sqlite3.Connection, wanted: Wanted) -> Reader:
    """A reader whose labels are in the language of the user's settings."""
    asking = partial(_asker, call, connection)
    if FORMATTED in wanted:
        wanted = replace(wanted, language=asking().language)
    return Reader(connection, call.org.definitions, call.root, wanted, asking)


def _asker(call: Call, connection: sqlite3.Connection) -> Asker:
    settings = _own_row(call, connection, "usersettings")
    user = _own_row(call, connection, "systemuser")
    return Asker(
        now=call.org.clock(),
        user=caller_id(),
        unit=user.get("businessunitid") or ROOT_UNIT_ID,
        language=settings.get("uilanguageid") or BASE_LANGUAGE,
        zone_code=settings.get("timezonecode"),
    )


def _own_row(call: Call, connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    return fetch_row(connection, call.org.definitions.tables[table], caller_id()) or {}


def context_of(call: Call, table: Table, options: Options) -> str:
    """E.g. ``{root}$metadata#accounts(name,primarycontactid(fullname))``."""
    inner = _selection(options)
    return f"{call.root}$metadata#{table.set_name}{f'({inner})' if inner else ''}"


def _selection(options: Options) -> str:
    expanded = [f"{name}({_selection(inner)})" for name, inner in options.expand]
    return ",".join([*options.select, *expanded])
