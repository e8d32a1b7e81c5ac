"""orjson and pandas, a frame for each page: the same stack with more care."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pandas as pd

from bench.data import Pages
from bench.variants.outcome import Outcome
from bench.variants.pandas_frames import folded, frame, graded

FOLDS = {"invoice": {"paid": "sum", "last": "max"}, "opportunity": {"pipeline": "sum"}}


def run(pages: Pages) -> Outcome:
    """Pages of related rows are folded one by one, and their folds once more."""
    folds = {}
    for table, again in FOLDS.items():
        parts = [folded(each, table) for each in _frames(pages, table)]
        folds[table] = pd.concat(parts).groupby(level=0, sort=False).agg(again)
    accounts = pd.concat(_frames(pages, "account"), ignore_index=True)
    return graded(accounts, folds["invoice"], folds["opportunity"])


def _frames(pages: Pages, table: str) -> Iterator[pd.DataFrame]:
    for page in pages.of(table):
        yield frame(orjson.loads(page)["value"], table)
