"""All models of one table over some of its records: reads in, results out.

The one path of webhooks, resync, button, explanation and case files. Child rows are folded as they
arrive, in any order; only the scored rows, and those that paths lead through, are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import compress, islice
from operator import not_
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from gradesys.changes import Change
from gradesys.errors import RecordError
from gradesys.records import Page, Read, Row, Value
from gradesys.rules.arithmetic import computing
from gradesys.rules.clock import Moment
from gradesys.rules.compile import CompiledModel
from gradesys.rules.cutpoints import NO_CUTS, Cutpoints
from gradesys.rules.figuring import Figuring, Teller
from gradesys.rules.folding import Folding, Walking
from gradesys.rules.outputs import (
    changed_values,
    cleared_values,
    status_values,
    stored_snapshot,
)
from gradesys.rules.places import Places
from gradesys.rules.pool import Pool
from gradesys.rules.population import Census
from gradesys.rules.reads import child_reads, distinct, target_read
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.state import Snapshot
from gradesys.rules.tally import Facts, Fold
from gradesys.rules.targets import Targets
from gradesys.rules.wayreads import way_reads

TOGETHER = 10
"""Records scored between two looks at the caller; of more at once, many would outlive a round of
the garbage collector, whose rounds over everything cost as much as the scores."""
MANY = 200
"""So many records are worth a function of their own that tells which of them stay as they are."""

_NO_ERRORS: Mapping[str, RecordError] = {}


class Scored(NamedTuple):
    """A record's row, and its cards by model id."""

    row: Row
    cards: Mapping[str, Scorecard]


class Result(Struct, frozen=True, gc=False):
    """One record in every model of its table, by model id: a card, or an error, or both when a
    result does not fit its column. ``change`` unites what the models would write; None: nothing.
    ``scored``, or what makes it: most results of a resync are only counted."""

    id: str
    scored: Scored | Callable[[str], Scored]
    errors: Mapping[str, RecordError] = _NO_ERRORS
    change: Change | None = None

    @property
    def row(self) -> Row:
        """The scored row."""
        return self._scored.row

    @property
    def cards(self) -> Mapping[str, Scorecard]:
        """A card of each model that could score it."""
        return self._scored.cards

    @property
    def _scored(self) -> Scored:
        return self.scored if isinstance(self.scored, Scored) else self.scored(self.id)


class _Scoring(Struct, frozen=True):
    """One model at its local moment, and its folds by indicator."""

    model: CompiledModel
    moment: Moment
    foldings: Mapping[str, Folding | Walking]


class Evaluation:
    """Feed it the pages that answer ``reads``, then take ``results``."""

    def __init__(
        self,
        models: Sequence[CompiledModel],
        now: datetime,
        previous: Snapshot | None = None,
        cuts: Mapping[str, Cutpoints] | None = None,
    ) -> None:
        """``models`` of one table, at least one; ``now`` aware; ``previous`` stands in for the
        stored state of every record and model (case files, simulation); ``cuts`` by model id."""
        self._cuts = dict(cuts or {})
        self._pool = Pool()
        self._scorings = [_scoring(model, now, self._pool) for model in models]
        self._previous = previous
        self._tellers: Mapping[str, Mapping[str, Teller] | None] = {}
        self._target = target_read([(each.model, each.moment) for each in self._scorings])
        self._places = Places()
        key = self._target.key
        self._rows = Targets(self._target.columns.index(key), key, self._places)
        folds = [fold for each in self._scorings for fold in each.foldings.values()]
        self._children = child_reads(fold for fold in folds if isinstance(fold, Folding))
        self._figuring = Figuring(self._children, self._places)
        walks = (fold for fold in folds if isinstance(fold, Walking))
        self._ways = way_reads((walk.aggregate, walk.moment) for walk in walks)

    @property
    def reads(self) -> tuple[Read, ...]:
        """What to read, the scored rows first; always in the same order."""
        found = distinct((self._target, *self._children, *self._ways))
        return tuple(
            each if each == self._target or each in self._ways else self._formed(each)
            for each in found
        )

    def add(self, page: Page) -> None:
        """Take in the rows of one page; pages may come in any order."""
        if page.read == self._target:
            self._rows.add(page)
        figured = self._figuring.add(page)
        self._tellers = {
            each.model.model.id: self._figuring.tellers(each.foldings) for each in self._scorings
        }
        with computing():
            for folding in self._children.get(page.read, ()):
                if figured and folding.told is not None:
                    continue
                folding.add(page.rows)
                folding.merge(page.partials)
        if page.read in self._ways:
            end = self._ways[page.read]
            self._pool.add(end.table, end.id_column, page.rows)

    def _formed(self, read: Read) -> Read:
        cells, spelled = self._figuring.form(read)
        return replace(read, cells=cells, spelled=spelled)

    def apply(self, cuts: Mapping[str, Cutpoints]) -> None:
        """Use cut points that were measured before, by model id."""
        self._cuts.update(cuts)

    @property
    def ids(self) -> tuple[str, ...]:
        """The scored rows, in the order in which they came."""
        return tuple(self._rows.ids)

    @property
    def count(self) -> int:
        """How many rows are scored."""
        return len(self._rows.ids)

    def measure(self) -> Mapping[str, Cutpoints]:
        """Cut points of each model that ranks its population, which must have come whole; they
        are applied from here on."""
        for each in self._scorings:
            if each.model.ranked:
                census = Census(each.model)
                with computing():
                    for id in self._rows.ids:
                        census.add(self._facts(each, id, self._rows.row(id)))
                    self._cuts[each.model.model.id] = census.cutpoints(each.moment.today)
        return self._cuts

    def results(self, ids: Iterable[str] | None = None) -> Iterator[Result]:
        """One result a scored row, in the order in which the rows came, or of these ids."""
        waiting = iter(self.ids if ids is None else ids)
        others = self._others() if self.count >= MANY else None
        make = self._scored
        while some := tuple(islice(waiting, TOGETHER)):
            with computing():
                results = [
                    self._result(id) if others is None or id in others else Result(id, make)
                    for id in some
                ]
            yield from results

    def _others(self) -> frozenset[str] | None:
        """Ids of records beside those that would stay as they are, as far as that is told without
        scorecards; None: all of them. These are few, and so quicker asked than a place of each."""
        if self._previous is not None or not self._rows.is_typed:
            return None
        parts = [(each.model, each.moment, each.foldings) for each in self._scorings]
        from gradesys.rules.keeping import keeping  # only where many are scored

        keep = keeping(self._target, parts)
        if keep is None:
            return None
        with computing():
            kept = keep(self._rows.typed, self._figuring.all)
        return frozenset(compress(self._places.ids, map(not_, kept)))

    def _scored(self, id: str) -> Scored:
        """Of a record that nothing changes of, for whoever wants to see why."""
        with computing():
            result = self._result(id)
        return Scored(result.row, result.cards)

    def _result(self, id: str) -> Result:
        row = self._rows.row(id)
        cards: dict[str, Scorecard] = {}
        errors: dict[str, RecordError] = {}
        values: dict[str, Value] = {}
        for each in self._scorings:
            name = each.model.model.id
            try:
                cards[name] = self._card(each, id, row)
                values |= _values(each.model, cards[name], row)
            except RecordError as error:
                errors[name] = error
                values |= status_values(each.model.outputs, row, parked=True)
        change = Change(self._target.table, id, values) if values else None
        return Result(id, Scored(row, cards), errors, change)

    def _card(self, each: _Scoring, id: str, row: Row) -> Scorecard:
        previous, note = self._previous, ""
        if previous is None:
            previous, note = stored_snapshot(each.model.outputs, row, each.moment)
        card: Scorecard = each.model.scorer.run(self._facts(each, id, row), previous)
        return card.noting(note) if note else card

    def _facts(self, each: _Scoring, id: str, row: Row) -> Facts:
        tellers = self._tellers.get(each.model.model.id)
        folds: dict[str, Fold]
        if tellers is None:
            folds = {name: folding.result(id, row) for name, folding in each.foldings.items()}
        else:
            figures = self._figuring.of(id)
            folds = {name: tell(figures) for name, tell in tellers.items()}
        cuts = self._cuts.get(each.model.model.id, NO_CUTS)
        return Facts(row, folds, each.moment, cuts)


def _scoring(model: CompiledModel, now: datetime, pool: Pool) -> _Scoring:
    moment = Moment(now, model.calendar)
    aggregates = {name: each.source.aggregate for name, each in model.indicators.items()}
    foldings: dict[str, Folding | Walking] = {}
    for name, aggregate in aggregates.items():
        if aggregate is None:
            continue
        lookup = aggregate.reach.direct
        if lookup is None:
            foldings[name] = Walking(aggregate, pool, moment)
        else:
            foldings[name] = Folding(aggregate, lookup, model.model.table, moment)
    return _Scoring(model, moment, foldings)


def _values(model: CompiledModel, card: Scorecard, row: Row) -> dict[str, Value]:
    if not card.in_population and model.model.leave == "clear":
        return cleared_values(model.outputs, row)
    found = changed_values(model.outputs, card, row) if card.in_population else {}
    return found | status_values(model.outputs, row, parked=False)
