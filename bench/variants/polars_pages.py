"""polars page by page: pages of related rows are folded as they come."""

from __future__ import annotations

import polars as pl

from bench.data import Pages
from bench.variants.outcome import Outcome
from bench.variants.polars_frames import KEY, folded, frame, graded

AGAIN = {
    "invoice": {"paid": pl.col("paid").sum(), "last": pl.col("last").max()},
    "opportunity": {"pipeline": pl.col("pipeline").sum()},
}


def run(pages: Pages) -> Outcome:
    """What is kept of a page is its folds; the folds are folded at the end."""
    folds = {}
    for table, again in AGAIN.items():
        parts = [folded(frame(page, table).lazy(), table).collect() for page in pages.of(table)]
        folds[table] = pl.concat(parts).lazy().group_by(KEY).agg(**again)
    accounts = pl.concat([frame(page, "account") for page in pages.of("account")]).lazy()
    return graded(accounts, folds["invoice"], folds["opportunity"])
