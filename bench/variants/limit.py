"""Not a resync but its limit: a bare ``orjson.loads`` of each page, and nothing done with it."""

from __future__ import annotations

import orjson

from bench.data import TABLES, Pages


def run(pages: Pages) -> None:
    """Nothing is found, so nothing is compared."""
    for table in TABLES:
        for page in pages.of(table):
            orjson.loads(page)
