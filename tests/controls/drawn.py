"""Explanations of random models and records, as a card may meet them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradesys.rules.account import ADDITIVE
from gradesys.rules.cells import read_rows
from gradesys.rules.document import Document
from gradesys.rules.explanation import STORED_LENGTH, explanation_text
from gradesys.rules.parse import parse_data
from gradesys.rules.tables import MemoryTable, TableStore
from tests.oracle.generate import random_case
from tests.oracle.values import exact
from tests.rules.drawn import ours, scored

LENGTHS = (STORED_LENGTH, 600)


def drawn(seeds: range) -> Iterator[dict[str, Any]]:
    """Text, score, and whether its parts must add up to it."""
    for seed in seeds:
        case = ours(exact(random_case(seed, "full")))
        tables = {n: MemoryTable(n, read_rows(n, rows, {})) for n, rows in case["tables"].items()}
        found = scored(case, None, TableStore(tables))
        card = None if found is None else found.cards.get("case")
        if card is None or not card.in_population:
            continue
        model = parse_data(Document(case["model"], "random"))
        adds_up = model.score.combine in ADDITIVE and card.score is not None
        score = None if card.score is None else f"{card.score:f}"
        for length in LENGTHS:
            text = explanation_text(model, card, length)
            yield {"seed": seed, "text": text, "score": score, "addsUp": adds_up}
