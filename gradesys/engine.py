"""Read what the rules need, score, grade, and write the difference: the one path of every trigger.

Webhook, button, nightly timer, simulation and command line differ only in the scope they pass in
(architecture sections 1 and 3). Verified writes are the consistency argument of section 4: what was
written is read again, in the same request, until nothing differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from gradesys.activation import Standing
from gradesys.changes import Change, Fate, Outcome, Written
from gradesys.errors import Unsettled
from gradesys.marks.protocols import Ledger, Marks
from gradesys.metrics import Metrics
from gradesys.records import Page, Plan, Read, Scope, Value
from gradesys.rules.compile import CompiledModel
from gradesys.rules.cutpoints import Cutpoints
from gradesys.rules.evaluation import Evaluation, Result
from gradesys.rules.rulebook import Rulebook
from gradesys.span import CREATED, Span

VERIFY_LIMIT = 5


class Store(Protocol):
    """Rows of single tables; it knows no paths and no grades."""

    @property
    def requests(self) -> int:
        """HTTP requests sent so far."""

    def pages(self, plan: Plan) -> Iterator[Page]:
        """Answer the reads of a plan, in pages of any order."""

    def sizes(self, read: Read, spans: Sequence[Span]) -> tuple[int | None, ...]:
        """How many rows a read has in each span; None: too many to be counted at once."""

    def ends(self, read: Read) -> tuple[datetime, datetime] | None:
        """When the first and the last of a read's rows were created; None: nothing tells."""

    def write(self, changes: Sequence[Change], verify: Plan | None = None) -> Written:
        """Write changes; with ``verify``, answer that plan again in the same request."""

    def put_row(self, table: str, id: str, values: Mapping[str, Value]) -> None:
        """Create or update a row of gradesys' own tables."""


class Context(Struct, frozen=True):
    """What every run works with; ``now`` is the clock of scores. ``since``: when these rules began
    to be read, by the clock of the marks. ``standing`` None: there are no other rules than these.
    """

    rulebook: Rulebook
    store: Store
    marks: Marks
    ledger: Ledger
    now: Callable[[], datetime]
    metrics: Metrics = field(default_factory=Metrics)
    since: float = 0.0
    standing: Standing | None = None

    def require_in_force(self) -> None:
        """Raise TemporaryError where newer rules than these are active, by one look at the ledger:
        before anything is read, and again after it was written."""
        if self.standing is not None:
            self.standing.require()


class Report(Struct, frozen=True):
    """What a recompute found and did: the last results, the last fate of each record's change, and
    what is in Dataverse now, all attempts together. By record id."""

    results: tuple[Result, ...]
    outcomes: Mapping[str, Outcome]
    done: Mapping[str, Change]

    def written(self) -> Iterator[Change]:
        """The changes that are in Dataverse now, one a record."""
        return iter(self.done.values())


Cuts = Callable[[], Mapping[str, Cutpoints]]
"""The cut points in force, by model id, whenever asked."""


def plan_of(models: Sequence[CompiledModel], scope: Scope, now: datetime) -> Plan:
    """Name everything that must be read to score a scope."""
    return Plan(Evaluation(models, now).reads, scope)


def evaluate(
    evaluation: Evaluation, pages: Iterable[Page], cuts: Mapping[str, Cutpoints]
) -> Iterator[Result]:
    """Score every target that the pages hold, under these cut points."""
    evaluation.apply(cuts)
    for page in pages:
        evaluation.add(page)
    return evaluation.results()


def stale(
    models: Sequence[CompiledModel],
    store: Store,
    scope: Scope,
    now: datetime,
    cuts: Cuts = dict,
) -> Iterator[Result]:
    """Score a scope; each result carries the change that would be written, if any."""
    evaluation = Evaluation(models, now)
    return evaluate(evaluation, store.pages(Plan(evaluation.reads, scope)), cuts())


def survey(
    models: Sequence[CompiledModel],
    store: Store,
    scope: Scope,
    now: datetime,
    heard: Callable[[Evaluation], None] = lambda evaluation: None,
) -> Evaluation:
    """Read all that a scope needs, each table once; ``heard`` is called after every page, with what
    has come so far."""
    evaluation = Evaluation(models, now)
    target, *others = evaluation.reads
    asked = target if scope.span.whole else _telling_age(target)
    for page in store.pages(Plan((asked, *others), scope)):
        if page.read == asked:
            page = replace(_inside(page, scope.span), read=target)
        evaluation.add(page)
        heard(evaluation)
        del page  # or it would still be there while the next one is decoded
    return evaluation


def _telling_age(read: Read) -> Read:
    return replace(read, columns=tuple(dict.fromkeys((*read.columns, CREATED))))


def _inside(page: Page, span: Span) -> Page:
    """A store may answer with more than the span, whose child rows it then may have left out."""
    if span.whole:
        return page
    if page.typed is None:
        return replace(page, rows=tuple(r for r in page.rows if span.holds(r.get(CREATED))))
    objects, created = page.typed.objects, attrgetter(f"c{page.read.columns.index(CREATED)}")
    if span.holds_all(list(map(created, objects))):
        return page
    kept = [each for each in objects if span.holds(created(each))]
    return replace(page, rows=(), typed=replace(page.typed, objects=kept))


def recompute(
    models: Sequence[CompiledModel],
    store: Store,
    scope: Scope,
    now: datetime,
    cuts: Cuts = dict,
) -> Report:
    """Bring some records up to date, verified by re-reading until equal; each attempt applies the
    cut points that are in force then.

    A record that was equal when it was read needs no second look; what was written is read again.
    Raises Unsettled when a write failed for now, or when the rows would not hold still.
    """
    evaluation = Evaluation(models, now)
    plan = Plan(evaluation.reads, scope)
    pages: Iterable[Page] = store.pages(plan)
    results: dict[str, Result] = {}
    outcomes: dict[str, Outcome] = {}
    done: dict[str, Change] = {}
    for _ in range(VERIFY_LIMIT):
        found = {result.id: result for result in evaluate(evaluation, pages, cuts())}
        asked = plan.scope.ids or ()
        results = {id: result for id, result in results.items() if id not in asked} | found
        changes = [each.change for each in found.values() if each.change and _due(each, outcomes)]
        if not changes:
            return Report(tuple(results.values()), outcomes, done)
        changed = tuple(change.id for change in changes)
        plan = Plan(plan.reads, Scope(scope.table, changed))
        written = store.write(changes, verify=plan)
        outcomes.update((outcome.change.id, outcome) for outcome in written.outcomes)
        _add_written(done, written)
        pages, evaluation = written.pages, Evaluation(models, now)
        raise_failed(written)
    raise Unsettled(f"{scope.table}: the rows kept changing during {VERIFY_LIMIT} attempts")


def _due(result: Result, outcomes: Mapping[str, Outcome]) -> bool:
    """Whether a change is still to be written: not when the row refused one already."""
    tried = outcomes.get(result.id)
    return tried is None or tried.fate is Fate.WRITTEN


def _add_written(done: dict[str, Change], written: Written) -> None:
    """A second attempt writes other columns than the first: a model that reads a result of its own
    table comes after it, and dependants need both."""
    for outcome in written.outcomes:
        if outcome.fate is Fate.WRITTEN:
            change = outcome.change
            before = done.get(change.id, change)
            done[change.id] = replace(change, values={**before.values, **change.values})


def raise_failed(written: Written) -> None:
    """Raise TemporaryError where a change was not written for now."""
    for outcome in written.outcomes:
        if outcome.fate is Fate.FAILED:
            raise Unsettled(outcome.reason)
