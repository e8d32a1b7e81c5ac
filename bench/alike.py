"""Every record of the population through the calls of live, button and resync, bit for bit.

The service itself is asked for some hundred records (bench/sameness.py): each takes it two round
trips. Here the same rows lie in memory, and the very functions that a worker calls are called for
all of them: in groups as large as a press's and a backlog's by turns, and one by one while the time
lasts.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from msgspec.structs import fields

from bench.data import Pages
from bench.held import Population, population_of
from bench.org import AS_OF, model, scopes_of, store_of
from gradesys.button import CHUNK
from gradesys.engine import recompute, survey
from gradesys.live.backlog import MOST
from gradesys.records import Scope, Value
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Result
from gradesys.rules.explanation import explanation_text
from gradesys.rules.scorecard import Scorecard

EXPLAINED = "0"
"""How the ids end whose explanations are written out and compared too: one of sixteen."""
_CARD = [each.name for each in fields(Scorecard) if each.name not in ("sheet", "facts", "previous")]
Told = Mapping[str, bytes]
"""A digest of everything that is known of a record, by its id."""


@dataclass(frozen=True, slots=True)
class Alike:
    """``alone``: of the ``records``, those that were also recomputed one by one; ``different``: how
    often another way gave anything else than the resync; ``wrong``: scores that plain arithmetic
    does not give."""

    records: int
    alone: int
    different: int
    wrong: int


def compare_all(pages: Pages, alone_s: float) -> Alike:
    """Score everybody in each way; one by one for so many seconds."""
    rules, expected = model(), pages.expected()
    told: dict[str, bytes] = {}
    wrong = 0
    for result in _resynced(rules, pages):
        values = result.change.values if result.change else {}
        told[result.id] = _digest(rules, result, values)
        wrong += result.cards[rules.model.id].score != expected[result.id].score
    population, ids = population_of(pages), tuple(expected)
    alone, few = _different(rules, population, told, _singly(ids, alone_s))
    together, many = _different(rules, population, told, _grouped(ids))
    missed = len(ids) - together
    return Alike(len(told), alone, few + many + missed, wrong)


def _resynced(rules: CompiledModel, pages: Pages) -> Iterator[Result]:
    """Range by range, as a resync does."""
    store = store_of(pages)
    for scope in scopes_of(pages):
        yield from survey([rules], store, scope, AS_OF).results()


def _different(
    rules: CompiledModel, population: Population, told: Told, groups: Iterator[Sequence[str]]
) -> tuple[int, int]:
    """How many records were recomputed, and of how many something else is told."""
    store, count, different = population.store(), 0, 0
    for ids in groups:
        report = recompute([rules], store, Scope("account", tuple(ids)), AS_OF)
        for result in report.results:
            change = report.done.get(result.id)
            values = change.values if change else {}
            different += _digest(rules, result, values) != told.get(result.id)
        count += len(report.results)
    return count, different


def _digest(rules: CompiledModel, result: Result, values: Mapping[str, Value]) -> bytes:
    """What is written, and the whole card; the explanation is made of nothing else, and of some
    records it is made."""
    card = result.cards[rules.model.id]
    told = [getattr(card, name) for name in _CARD]
    if result.id.endswith(EXPLAINED):
        told.append(explanation_text(rules.model, card))
    whole = repr((told, card.facts.folds, sorted(values.items()), result.errors))
    return hashlib.blake2b(whole.encode(), digest_size=16).digest()


def _singly(ids: Sequence[str], seconds: float) -> Iterator[Sequence[str]]:
    """From all over the population, as long as the time lasts."""
    end, stride = time.monotonic() + seconds, 7_919
    for place in range(len(ids)):
        if time.monotonic() > end:
            return
        yield (ids[place * stride % len(ids)],)


def _grouped(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    rest = iter(ids)
    for size in cycle((CHUNK, MOST)):
        some = tuple(islice(rest, size))
        if not some:
            return
        yield some
