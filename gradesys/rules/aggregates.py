"""Aggregates (rules.md 3.2): which of the rows reached enter, and how they become one value.

Checks of the node stand in aggregatechecks.py, what a row contributes in picks.py; here the parts
are put together into something that eats rows in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from gradesys.errors import RecordError
from gradesys.records import Narrowing, Row, Schema, Value
from gradesys.rules.aggregatechecks import CONDITIONAL, check_aggregate, check_table
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.clock import Moment
from gradesys.rules.filters import Place, compile_predicate
from gradesys.rules.folds import FOLDS, Fold, limited
from gradesys.rules.model import AggregateIndicator, Scalar
from gradesys.rules.ordering import row_order
from gradesys.rules.paths import Reach, compile_reach
from gradesys.rules.picks import Source, compile_source
from gradesys.rules.predicates import Predicate, all_
from gradesys.rules.problems import Findings
from gradesys.rules.rowscope import RowScope
from gradesys.rules.sides import in_window
from gradesys.rules.standard import id_column
from gradesys.rules.summing import Summing, compile_summing
from gradesys.rules.tally import Tally
from gradesys.rules.windows import Days, compile_window, moves


class Account(Struct):
    """The state of one record."""

    state: Any
    rows: int = 0
    notes: set[str] = field(default_factory=set)


class CompiledAggregate(Struct, frozen=True):
    """``reach``: the ways to the rows. ``columns``: of the row table, its primary key included;
    ``filtered``: those of them that decide whether a row enters.
    ``window``: from today to ``[start, end)``, for the explanation.

    ``add`` applies filter and window itself and raises RecordError where kinds do not match. In
    case files a row must carry every column that any row of its table carries, and no other.
    ``summing``: how figures may stand for rows; ``keeps``: what memory a record needs till then.
    """

    table: str
    reach: Reach
    columns: frozenset[str]
    filtered: frozenset[str]
    narrow: Callable[[Moment], Narrowing]
    window: Days | None
    start: Callable[[], Account]
    add: Callable[[Account, Row, Moment], None]
    summing: Summing | None
    keeps: str
    finish: Callable[[Account, Moment], Tally]
    time_dependent: bool
    volatile: bool


def compile_aggregate(
    node: AggregateIndicator, params: Mapping[str, Scalar], home: Place
) -> CompiledAggregate:
    """``home``: the scored table. Raises RuleError with every problem, paths within the node."""
    schema = home.schema
    place = replace(home, table=node.of)
    check_table(place)
    found = Findings()
    reach = found.attempt((), lambda: compile_reach(node, home))
    check_aggregate(node, place, found)
    rows = found.attempt((), lambda: _rows(node, place))
    source = found.attempt((), lambda: compile_source(node, params, place))
    found.problems = list(dict.fromkeys(found.problems))
    found.settle()
    assert reach is not None and rows is not None and source is not None
    keep, fold = rows.keep, _fold(node, source, schema)
    return CompiledAggregate(
        table=node.of,
        reach=reach,
        columns=frozenset({*keep.columns, *source.columns, *_own_columns(node, schema)}),
        filtered=keep.columns,
        narrow=lambda moment: keep.narrow(moment, True),
        window=rows.window,
        start=lambda: Account(fold.start()),
        add=_adding(node, keep, fold, source.params),
        summing=compile_summing(node, fold, keep, place),
        keeps="all rows at the end of its paths" if reach.direct is None else fold.keeps,
        finish=partial(_finish, fold, node.limit),
        time_dependent=keep.moves or source.moves or reach.moves or node.decay is not None,
        volatile=source.volatile,
    )


class _Rows(Struct, frozen=True):
    """Which rows enter the operation, and the window's part in it."""

    keep: Predicate
    window: Days | None


def _rows(node: AggregateIndicator, place: Place) -> _Rows:
    found = Findings()
    key, written = ("among", node.among) if node.op in CONDITIONAL else ("filter", node.filter)
    kept = found.attempt((key,), lambda: compile_predicate(written, place))
    window = node.window
    if window is None or window.date is None:
        found.settle()
        assert kept is not None
        return _Rows(kept, None)
    date = window.date
    side = found.attempt(("window", "date"), lambda: place.side(date))
    days = found.attempt(("window",), lambda: compile_window(window, place.calendar))
    found.settle()
    assert kept is not None and side is not None and days is not None
    return _Rows(all_([kept, in_window(side, days, moves(window))]), days)


def _fold(node: AggregateIndicator, source: Source, schema: Schema | None) -> Fold:
    order = row_order(node.order_by, id_column(schema, node.of))
    op = "sum" if node.decay is not None else node.op
    fold = FOLDS[op](source.pick, order)
    return fold if node.limit is None else limited(fold, order, int(node.limit))


def _own_columns(node: AggregateIndicator, schema: Schema | None) -> set[str]:
    dates = (each.date for each in (node.window, node.decay) if each is not None)
    keys = (key.column for key in node.order_by)
    found = {id_column(schema, node.of), *keys, *dates}
    return {column for column in found if column is not None}


def _adding(
    node: AggregateIndicator, keep: Predicate, fold: Fold, params: Mapping[str, Value]
) -> Callable[[Account, Row, Moment], None]:
    def add(account: Account, row: Row, moment: Moment) -> None:
        try:
            if keep.test(row, moment):
                account.rows += 1
                fold.add(account.state, RowScope(row, moment, params, account.notes))
        except RecordError as error:
            raise RecordError(f"{node.op} of {node.of}: {error}") from error

    return add


def _finish(fold: Fold, limit: Decimal | None, account: Account, moment: Moment) -> Tally:
    value = fold.finish(account.state)
    if isinstance(value, Decimal):
        value = CONTEXT.plus(value)
    rows = account.rows if limit is None else min(account.rows, int(limit))
    return Tally(value, rows, tuple(sorted(account.notes)))
