"""Work on one partition: read it, score it in the order of ids, write what differs.

An attempt reads everything again and goes on after the cursor. A duplicate of it, or a run that was
taken over, ends without a word: nothing of it is anybody's any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from gradesys.aftermath import settle, spread
from gradesys.budget.lane import in_background
from gradesys.budget.meter import metered
from gradesys.engine import Context, survey
from gradesys.errors import MissingMetadata, MissingPrivilege
from gradesys.marks.protocols import Message
from gradesys.records import Key, KeyKind, Scope
from gradesys.resync.causes import Judge
from gradesys.resync.chunk import Writing, chunks
from gradesys.resync.handover import hand_over, leave_out
from gradesys.resync.part import Hold, Lost
from gradesys.resync.passes import has_its_rules, models_of
from gradesys.resync.report import Reporter
from gradesys.resync.run import Run, place_of, read_run
from gradesys.resync.share import chunk_rows, one_place
from gradesys.resync.starting import begin_anew
from gradesys.resync.tally import Tally, total
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Evaluation, Result
from gradesys.statistics import store_cuts, stored_cuts

Watch = Callable[[], None]


def run_partitions(context: Context, group: Sequence[Message]) -> None:
    """The handler of partition keys."""
    for message in group:
        run_partition(context, message)


def run_partition(context: Context, message: Message) -> None:
    """Handle a partition's key. Raises TemporaryError where the process has enough of them."""
    _, number = place_of(message.key)
    with one_place(number):
        work_partition(context, message.key, lambda: None)


def work_partition(context: Context, key: Key, watch: Watch) -> None:
    """Do what is left of a partition, and what comes after it, giving way to live work; ``watch``
    is called on the way."""
    with in_background():
        _work_partition(context, key, watch)


def _work_partition(context: Context, key: Key, watch: Watch) -> None:
    step, number = place_of(key)
    run, _ = read_run(context.ledger, key.id)
    if run is None or not run.running or run.step != step:
        return
    context.require_in_force()
    if not has_its_rules(context, run):
        begin_anew(context, run)
        return
    models = models_of(context, run)
    try:
        hold = Hold(context, run, number)
        if not hold.part.done:
            _Work(context, run, models, hold, watch).do()
    except Lost:
        return
    except (MissingPrivilege, MissingMetadata) as error:
        leave_out(context, run, str(error))
        return
    hand_over(context, run, models)


class _Work(Struct, frozen=True):
    """One attempt at a partition."""

    context: Context
    run: Run
    models: Sequence[CompiledModel]
    hold: Hold
    watch: Watch

    def do(self) -> None:
        """From the first read to the last cursor."""
        began = self.context.marks.clock()
        with metered() as spent:
            self._spread_again()
            evaluation = self._read()
            if any(model.ranked for model in self.models):
                self._rank(evaluation, began)
        self.hold.save(tally=total(self.hold.part.tally, Tally(requests=spent.requests)))
        judge = Judge(self.context, self.run, self.models)
        parked = frozenset(item.key.id for item in self.context.marks.parked())
        writing = Writing(self.context, self.run, self.hold, judge, began, parked)
        reporter = Reporter(self.context, self.run)
        for chunk in chunks(self._results(evaluation, parked), chunk_rows(self.run)):
            writing.write(chunk)
            reporter.tell()
            self.watch()
        self.hold.save(done=True)

    def _spread_again(self) -> None:
        """An earlier attempt may have died between a write and the marks that follow from it."""
        table = self.run.table
        outputs = self.context.rulebook.output_columns[table]
        spread(self.context, table, dict.fromkeys(self.hold.part.unspread, outputs))

    def _read(self) -> Evaluation:
        scope = Scope(self.run.table, span=self.run.spans[self.hold.number])

        def heard(evaluation: Evaluation) -> None:
            self.hold.beat(evaluation.count)
            self.watch()

        return survey(self.models, self.context.store, scope, self.run.as_of, heard)

    def _rank(self, evaluation: Evaluation, began: float) -> None:
        """Cut points are measured once a partition: rows behind the cursor were written by them.

        Once they are in force, whatever had an event meanwhile is marked again: it may have been
        scored under those of before.
        """
        ledger, marks = self.context.ledger, self.context.marks
        if self.hold.part.measured:
            evaluation.apply(stored_cuts(ledger, self.models))
            return
        store_cuts(ledger, self.models, evaluation.measure())
        keys = (Key(KeyKind.TARGET, self.run.table, id) for id in evaluation.ids)
        while some := list(islice(keys, chunk_rows(self.run))):
            if disturbed := marks.marked_since(some, began):
                marks.mark(disturbed)
        self.hold.save(measured=True)

    def _results(self, evaluation: Evaluation, parked: Collection[str]) -> Iterator[Result]:
        """After the cursor, by id; what cannot be scored is parked, and let go once it can."""
        ids = sorted(id for id in evaluation.ids if id > self.hold.part.cursor)
        for result in evaluation.results(ids):
            if result.errors or result.id in parked:
                settle(self.context, self.run.table, [result])
            yield result
