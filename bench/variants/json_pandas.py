"""json and pandas, all rows at once: what the requirements of such a project used to list."""

from __future__ import annotations

import json

from bench.data import Pages
from bench.variants.outcome import Outcome
from bench.variants.pandas_frames import folded, frame, graded


def run(pages: Pages) -> Outcome:
    """Each table becomes one list of dicts and then one frame."""
    frames = {}
    for table in ("invoice", "opportunity", "account"):
        rows = [row for page in pages.of(table) for row in json.loads(page)["value"]]
        frames[table] = frame(rows, table)
    paid = folded(frames["invoice"], "invoice")
    pipeline = folded(frames["opportunity"], "opportunity")
    return graded(frames["account"], paid, pipeline)
