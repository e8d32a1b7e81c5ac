"""What all measurements share. The best of some rounds counts, because other work on the machine
only ever makes a round slower.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.document import load_document
from gradesys.rules.parse import parse_model

NOW = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)
ROUNDS = 5


def model_of(rules: Path) -> CompiledModel:
    """The model of a rule file, without metadata."""
    document = load_document(rules.read_text(encoding="utf-8"), str(rules))
    return compile_model(parse_model(document, {}), None)


def best(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest round; short rounds need many, so that one of them is undisturbed."""
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return min(seconds)
