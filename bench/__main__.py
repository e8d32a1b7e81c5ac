"""How fast are scoring and folding on this machine? ``python dev.py bench``.

Rows are made in memory, so that neither the network nor the emulator is measured. The best of some
rounds counts, because other work on the machine only ever makes a round slower.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from gradesys.records import Page, Ref, Row
from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.document import load_document
from gradesys.rules.evaluation import Evaluation
from gradesys.rules.parse import parse_model

NOW = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)
RULES = Path(__file__).parent.parent / "config" / "packs" / "customer_grade.yaml"
ROUNDS = 5
TARGETS = 2_000
INVOICES = 30_000


def main() -> int:
    """Print one line a measurement."""
    model = _model()
    fold_s = _best(lambda: _evaluate(model, INVOICES))
    score_s = _best(lambda: _evaluate(model, 0))
    rows = TARGETS + INVOICES
    sys.stdout.write(f"score one record, with breakdown: {score_s / TARGETS * 1e6:,.1f} µs\n")
    sys.stdout.write(f"fold and score: {rows / fold_s:,.0f} rows/s ({rows:,} rows)\n")
    return 0


def _model() -> CompiledModel:
    document = load_document(RULES.read_text(encoding="utf-8"), str(RULES))
    return compile_model(parse_model(document, {}), None)


def _evaluate(model: CompiledModel, invoices: int) -> None:
    evaluation = Evaluation((model,), NOW)
    target, *children = evaluation.reads
    evaluation.add(Page(target, tuple(_account(place) for place in range(TARGETS))))
    invoice = next(read for read in children if read.table == "invoice")
    evaluation.add(Page(invoice, tuple(_invoice(place) for place in range(invoices))))
    scored = sum(1 for result in evaluation.results() if result.cards)
    if scored != TARGETS:
        raise RuntimeError(f"{scored} of {TARGETS} records were scored")


def _account(place: int) -> Row:
    return {"accountid": f"a{place}", "statecode": Decimal(0)}


def _invoice(place: int) -> Row:
    return {
        "invoiceid": f"i{place}",
        "customerid": Ref("account", f"a{place % TARGETS}"),
        "statecode": Decimal(2),
        "totalamount_base": Decimal(place) / 100,
    }


def _best(action: Callable[[], None]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


if __name__ == "__main__":
    raise SystemExit(main())
