"""polars with all pages in memory."""

from __future__ import annotations

import polars as pl

from bench.data import Pages
from bench.variants.outcome import Outcome
from bench.variants.polars_frames import folded, frame, graded


def run(pages: Pages) -> Outcome:
    """One frame a table, then one lazy plan over the three."""
    tables = {
        table: pl.concat([frame(page, table) for page in pages.of(table)]).lazy()
        for table in ("invoice", "opportunity", "account")
    }
    paid = folded(tables["invoice"], "invoice")
    return graded(tables["account"], paid, folded(tables["opportunity"], "opportunity"))
