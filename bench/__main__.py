"""How fast are scoring and folding on this machine? ``python dev.py bench``; with ``--quick`` or
``--full``: how fast beside others (bench/compared.py)?

Rows are made in memory, so that neither the network nor the emulator is measured.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from pathlib import Path

from bench import compared, eight
from bench.timing import NOW, best, model_of
from gradesys.records import Page, Ref, Row
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Evaluation

RULES = Path(__file__).parent.parent / "config" / "packs" / "customer_grade.yaml"
TARGETS = 2_000
INVOICES = 30_000


def main() -> int:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    modes = parser.add_mutually_exclusive_group()
    for mode in (compared.QUICK, compared.FULL):
        modes.add_argument(f"--{mode.name}", dest="mode", action="store_const", const=mode)
    mode = parser.parse_args().mode
    return _alone() if mode is None else compared.run(mode)


def _alone() -> int:
    """Print one line a measurement of ours."""
    model = model_of(RULES)
    fold_s = best(lambda: _evaluate(model, INVOICES))
    score_s = best(lambda: _evaluate(model, 0))
    rows = TARGETS + INVOICES
    lines = [
        *eight.figures(),
        f"from read to change, one record, two folds: {score_s / TARGETS * 1e6:,.1f} µs",
        f"fold and score: {rows / fold_s:,.0f} rows/s ({rows:,} rows)",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


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


if __name__ == "__main__":
    raise SystemExit(main())
