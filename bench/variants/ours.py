"""The path of the product: decode, fold, score, compare, range by range, as every resync does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from bench.data import Pages
from bench.org import AS_OF, model, scopes_of, store_of
from bench.variants.outcome import Outcome, outcome
from gradesys.engine import survey
from gradesys.records import Value

Changes = dict[str, Mapping[str, Value]]


def run(pages: Pages) -> Changes:
    """What would be written, by account. Compiling the rules is part of it."""
    rules, store, found = model(), store_of(pages), Changes()
    for scope in scopes_of(pages):
        evaluation = survey((rules,), store, scope, AS_OF)
        for result in evaluation.results(sorted(evaluation.ids)):
            if result.change is not None:
                found[result.id] = result.change.values
    return found


def told(changes: Changes, pages: Pages) -> Outcome:
    """After the clock: what is stored once the changes are written is what each account scores."""
    return outcome(_afterwards(changes, pages))


def _afterwards(changes: Changes, pages: Pages) -> Iterator[tuple[int, str, bool]]:
    for page in pages.of("account"):
        for row in json.loads(page, parse_float=Decimal)["value"]:
            stored = {name: row[name] for name in ("gs_score", "gs_grade")}
            change = changes.get(row["accountid"])
            now = {**stored, **(change or {})}
            yield int(now["gs_score"] * 100), now["gs_grade"], change is not None
