"""What the expansions of collections share: lists of guids, their limit, their own address."""

from collections.abc import Iterable
from urllib.parse import quote as percent_encoded

import msgspec

from emulator.definitions import Table
from emulator.query.options import Options
from emulator.query.pages import PAGE

LISTED = "(SELECT value FROM json_each(?))"
"""SQL for the guids of a question mark that stands for ``listed(ids)``."""


def listed(ids: Iterable[str]) -> str:
    """Guids as the JSON that ``LISTED`` reads."""
    return msgspec.json.encode(list(ids)).decode()


def most(options: Options) -> int:
    """How many rows an expanded collection has at most."""
    return PAGE if options.top is None else min(options.top, PAGE)


def collection_address(root: str, table: Table, row_id: str, name: str, options: Options) -> str:
    """Where the collection can be read on its own."""
    query = "&".join(f"{key}={_escaped(value)}" for key, value in options.pairs)
    address = f"{root}{table.set_name}({row_id})/{name}"
    return f"{address}?{query}" if query else address


def _escaped(text: str) -> str:
    return percent_encoded(text, safe="$=,()'/:")
