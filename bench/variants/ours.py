"""The path of the product: decode, fold, score, compare, as every resync does."""

from __future__ import annotations

from collections.abc import Iterator

from bench.data import Pages
from bench.org import AS_OF, model, store_of
from bench.variants.outcome import Outcome, outcome
from gradesys.engine import survey
from gradesys.records import Scope


def run(pages: Pages) -> Outcome:
    """Compiling the rules is part of it."""
    return outcome(_results(pages))


def _results(pages: Pages) -> Iterator[tuple[int, str, bool]]:
    rules = model()
    evaluation = survey((rules,), store_of(pages), Scope("account"), AS_OF)
    for result in evaluation.results(sorted(evaluation.ids)):
        card = result.cards[rules.model.id]
        if card.score is None or not isinstance(card.grade, str):
            raise ValueError(f"account {result.id} has no score")
        yield int(card.score * 100), card.grade, result.change is not None
