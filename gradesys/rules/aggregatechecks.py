"""What must hold within one aggregate (rules.md 3.2, section 10), with and without metadata."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gradesys.errors import Problem, RuleError
from gradesys.records import DATES, NUMBERS, Kind
from gradesys.rules.filters import Place
from gradesys.rules.folds import FOLDS
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings, at
from gradesys.rules.shapes import table_at

CONDITIONAL = frozenset({"all", "none", "share"})
"""Operations whose ``filter`` is the condition and whose rows are those of ``among``."""
DECAYING = frozenset({"sum", "count"})
ORDERED = frozenset({"first", "last"})
NUMERIC = frozenset({"sum", "avg", "median", "stddev"})
VALUED = NUMERIC | ORDERED | {"min", "max", "mode", "count_distinct"}
"""Operations over values; the others look at rows."""


def check_table(place: Place) -> None:
    """RuleError when metadata lacks the table; then nothing else can be said about its columns."""
    schema = place.schema
    if schema is not None:
        at(("of",), lambda: table_at(schema, place.table))


def check_aggregate(node: AggregateIndicator, place: Place, found: Findings) -> None:
    """Note every problem, paths relative to the node."""
    if node.op not in FOLDS:
        found.note(("op",), f"unknown operation '{node.op}'{nearest(node.op, FOLDS)}")
    for wrong, path, message in _COMBINATIONS:
        if wrong(node):
            found.note(path, message)
    _check_limit(node, found)
    _check_columns(node, place, found)


def _check_limit(node: AggregateIndicator, found: Findings) -> None:
    limit = node.limit
    if limit is not None and (limit < 1 or limit != limit.to_integral_value()):
        found.note(("limit",), "a whole number of at least 1 is needed")


def _check_columns(node: AggregateIndicator, place: Place, found: Findings) -> None:
    """Columns that exist and are of a kind that can be used so."""
    numeric = NUMBERS | {Kind.BOOLEAN} if node.op in NUMERIC else frozenset(Kind)
    if node.column is not None:
        found.attempt(("column",), partial(_check, place, node.column, numeric))
    if node.window is not None and node.window.date is not None:
        found.attempt(("window", "date"), partial(_check, place, node.window.date, DATES))
    if node.decay is not None:
        found.attempt(("decay", "date"), partial(_check, place, node.decay.date, DATES))
    for index, key in enumerate(node.order_by):
        path = ("order_by", index, "column")
        found.attempt(path, partial(_check, place, key.column, frozenset(Kind)))


def _check(place: Place, column: str, kinds: frozenset[Kind]) -> None:
    kind = place.side(column).shape.kind
    if kind is not None and kind not in kinds:
        raise RuleError((Problem((), f"a column of kind {kind} cannot be used here"),))


_COMBINATIONS: tuple[tuple[Callable[[AggregateIndicator], bool], tuple[str, ...], str], ...] = (
    (
        lambda node: node.column is not None and node.row_expression is not None,
        ("row_expression",),
        "column and row_expression exclude each other",
    ),
    (
        lambda node: node.op in VALUED and node.column is None and node.row_expression is None,
        ("op",),
        "needs column or row_expression",
    ),
    (
        lambda node: node.op in CONDITIONAL and node.filter is None,
        ("op",),
        "needs filter as its condition",
    ),
    (
        lambda node: node.op not in CONDITIONAL and node.among is not None,
        ("among",),
        "belongs to all, none and share",
    ),
    (
        lambda node: node.op in ORDERED and not node.order_by,
        ("op",),
        "first and last need order_by",
    ),
    (
        lambda node: node.limit is not None and not node.order_by,
        ("limit",),
        "needs order_by",
    ),
    (
        lambda node: node.op not in DECAYING and node.decay is not None,
        ("decay",),
        "belongs to sum and count",
    ),
    (
        lambda node: node.window is not None and node.window.date is None,
        ("window",),
        "needs a date column",
    ),
)
"""What must not be, where, and why."""
