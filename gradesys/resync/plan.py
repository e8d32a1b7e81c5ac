"""Into which parts a population is cut: whole where it is small, else by when records were created.

Dataverse counts no more than 50,000 rows at once, so a span that is too large, or too large to be
counted, is halved until it is not; neighbours are then put together to parts of a fair size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from gradesys.engine import Context
from gradesys.records import Kind, Read, Schema
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Evaluation
from gradesys.span import CREATED, WHOLE, Span

PARTITION_ROWS = 250_000
"""The most rows that one partition is meant to have."""
GRAINS = 4
"""A partition is put together of at least so many spans, so that sizes come out even."""
SECOND = timedelta(seconds=1)


class Division(Struct, frozen=True):
    """The partitions of a pass, and how many rows they have together, where that is known."""

    spans: tuple[Span, ...] = (WHOLE,)
    rows: int | None = None


class _Piece(Struct, frozen=True):
    """A span and its size; None: too many to count."""

    span: Span
    size: int | None


Ends = tuple[datetime, datetime]


def divide(context: Context, models: Sequence[CompiledModel], now: datetime) -> Division:
    """Cut the population of a pass. Raises what counting raises."""
    if not divisible(models, context.rulebook.schema):
        return Division()
    read = Evaluation(models, now).reads[0]
    (size,) = context.store.sizes(read, (WHOLE,))
    if size is not None and size <= PARTITION_ROWS:
        return Division((WHOLE,), size)
    ends = context.store.ends(read)
    if ends is None:
        return Division((WHOLE,), size)
    pieces = _halved(context, read, [_Piece(WHOLE, size)], ends)
    sizes = [piece.size for piece in pieces]
    known = sum(size for size in sizes if size is not None)
    return Division(tuple(_together(pieces, known)), None if None in sizes else known)


def divisible(models: Sequence[CompiledModel], schema: Schema) -> bool:
    """Whether each record can be scored with its own rows alone, which point straight to it."""
    table = schema[models[0].model.table]
    created = table.columns.get(CREATED)
    if created is None or created.kind is not Kind.INSTANT:
        return False
    return all(_is_divisible(model, schema) for model in models)


def _is_divisible(model: CompiledModel, schema: Schema) -> bool:
    found = [each.source.aggregate for each in model.indicators.values()]
    for aggregate in found:
        lookup = "" if aggregate is None else aggregate.reach.direct
        if aggregate is None:
            continue
        if lookup is None or (lookup, model.model.table) not in schema[aggregate.table].navigations:
            return False
    return not model.ranked


def _halved(context: Context, read: Read, pieces: list[_Piece], ends: Ends) -> list[_Piece]:
    """Halve what is too large, all of one size at once; the order of spans is kept."""
    while True:
        halves = [_halves(piece, ends) for piece in pieces]
        spans = [span for both in halves for span in both]
        if not spans:
            return pieces
        sizes = iter(context.store.sizes(read, spans))
        pieces = [
            new
            for piece, both in zip(pieces, halves, strict=True)
            for new in ([_Piece(span, next(sizes)) for span in both] or [piece])
        ]


def _halves(piece: _Piece, ends: Ends) -> tuple[Span, ...]:
    """Both halves of a piece that is too large; none where it is not, or cannot be cut."""
    if piece.size is not None and piece.size <= PARTITION_ROWS // GRAINS:
        return ()
    start, end = piece.span.start or ends[0], piece.span.end or ends[1] + SECOND
    middle = (start + (end - start) / 2).replace(microsecond=0)
    if not start < middle < end:
        return ()
    return Span(piece.span.start, middle), Span(middle, piece.span.end)


def _together(pieces: Sequence[_Piece], rows: int) -> Iterator[Span]:
    """Neighbours as partitions of about the same size; what could not be counted stands alone."""
    fair = rows / max(1, -(-rows // PARTITION_ROWS))
    start, held = pieces[0].span.start, 0
    for place, piece in enumerate(pieces):
        size = fair if piece.size is None else piece.size
        if held and held + size > max(PARTITION_ROWS, fair):
            yield Span(start, piece.span.start)
            start, held = piece.span.start, 0
        held += int(size)
        if held >= fair and place + 1 < len(pieces):
            yield Span(start, piece.span.end)
            start, held = piece.span.end, 0
    yield Span(start, pieces[-1].span.end)
