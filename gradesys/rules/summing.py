"""Which aggregates a few figures can stand for instead of rows, and how these enter the fold.

Only where nothing can differ by a digit: a plain column whose equal values look alike, no order
among the rows, and a narrowing that is the filter itself (rules.md 7, row «apply»). A server's
figures must also be of a stored column; our own are made of the rows as they pass (figuring.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from msgspec import Struct

from gradesys.records import Column, Figure, Kind, Partial, Value
from gradesys.rules.clock import Moment
from gradesys.rules.filters import Place
from gradesys.rules.folds import Fold
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.predicates import Predicate

_ADDED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
_ORDERED = _ADDED | {Kind.DATE, Kind.INSTANT}
_SERVERS = {"sum": _ADDED, "count": _ADDED, "min": _ORDERED, "max": _ORDERED}
_ENDS = frozenset({Kind.INTEGER, Kind.DATE, Kind.INSTANT})
"""Kinds whose equal values are told in one way only: 1.5 may also come as 1.50."""
_OURS = {"sum": _ADDED, "count": _ADDED, "min": _ENDS, "max": _ENDS}


class Summing(Struct, frozen=True):
    """``figures`` say as much as the rows where ``exact``: the narrowing is the filter itself.
    ``merge`` adds them to a fold's state; ``told`` is the value of all rows and these figures
    (None: the one figure is).
    ``server`` and ``ours``: whose figures may stand for rows. ``columns``: of the rows' table."""

    figures: tuple[Figure, ...]
    exact: Callable[[Moment], bool]
    merge: Callable[[object, Partial, Moment], None]
    told: Callable[..., Value] | None
    server: bool
    ours: bool
    columns: Mapping[str, Column]


def compile_summing(
    node: AggregateIndicator, fold: Fold, keep: Predicate, place: Place
) -> Summing | None:
    """None: the aggregate needs its rows."""
    merge = fold.merge
    if merge is None or node.decay or node.row_expression:
        return None
    server, ours = _suits(node, fold, place)
    if not server and not ours:
        return None
    wanted = {op: Figure(op, node.column or "") for op in fold.figures}

    def add(state: object, partial: Partial, moment: Moment) -> None:
        figures = {op: partial.figures[figure] for op, figure in wanted.items()}
        merge(state, {"rows": Decimal(partial.rows), **figures}, moment)

    columns = place.schema[place.table].columns if ours and place.schema else {}
    return Summing(tuple(wanted.values()), keep.exact, add, fold.told, server, ours, columns)


def _suits(node: AggregateIndicator, fold: Fold, place: Place) -> tuple[bool, bool]:
    """Whether a server's figures do, and whether our own do."""
    known = place.schema is not None and place.table in place.schema
    if not fold.figures:
        return True, known
    column = place.side(node.column or "").shape.column
    if column is None or "." in (node.column or ""):
        return False, False
    server = all(column.kind in _SERVERS[op] for op in fold.figures)
    ours = all(column.kind in _OURS[op] for op in fold.figures)
    return server and column.stored and not _mixed(column), ours


def _mixed(column: Column) -> bool:
    """Money of several currencies: what a server makes of it is not ours to guess."""
    return column.kind is Kind.MONEY and not column.name.endswith("_base")
