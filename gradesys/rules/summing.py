"""Which aggregates a store may answer with figures instead of rows, and how these enter the fold.

Only where nothing can differ by a digit: a plain stored column whose equal values look alike, no
order among the rows, and a narrowing that is the filter itself (rules.md 7, row «apply»).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct

from gradesys.records import Column, Figure, Kind, Partial
from gradesys.rules.clock import Moment
from gradesys.rules.filters import Place
from gradesys.rules.folds import Fold
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.predicates import Predicate

_ADDED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
_ORDERED = _ADDED | {Kind.DATE, Kind.INSTANT}
_KINDS = {"sum": _ADDED, "count": _ADDED, "min": _ORDERED, "max": _ORDERED}


class Summing(Struct, frozen=True):
    """``figures`` say as much as the rows where ``exact``: the narrowing is the filter itself.
    ``merge`` adds them to a fold's state."""

    figures: tuple[Figure, ...]
    exact: Callable[[Moment], bool]
    merge: Callable[[object, Partial, Moment], None]


def compile_summing(
    node: AggregateIndicator, fold: Fold, keep: Predicate, place: Place
) -> Summing | None:
    """None: the aggregate needs its rows."""
    merge = fold.merge
    if merge is None or node.decay or node.row_expression or not _suits(node, fold, place):
        return None
    wanted = {op: Figure(op, node.column or "") for op in fold.figures}

    def add(state: object, partial: Partial, moment: Moment) -> None:
        figures = {op: partial.figures[figure] for op, figure in wanted.items()}
        merge(state, {"rows": Decimal(partial.rows), **figures}, moment)

    return Summing(tuple(wanted.values()), keep.exact, add)


def _suits(node: AggregateIndicator, fold: Fold, place: Place) -> bool:
    if not fold.figures:
        return True
    column = place.side(node.column or "").shape.column
    if column is None or "." in (node.column or ""):
        return False
    return (
        column.stored
        and not _mixed(column)
        and all(column.kind in _KINDS[op] for op in fold.figures)
    )


def _mixed(column: Column) -> bool:
    """Money of several currencies: what a server makes of it is not ours to guess."""
    return column.kind is Kind.MONEY and not column.name.endswith("_base")
