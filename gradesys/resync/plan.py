"""Into which parts a population is cut: whole where it is small, else by when records were created.

Dataverse counts no more than 50,000 rows at once, so a span that is too large, or too large to be
counted, is halved until it is not, often enough before its parts are counted that few rounds do;
neighbours are then put together to parts of a fair size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil

from msgspec import Struct

from gradesys.engine import Context
from gradesys.records import Kind, Read, Schema
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Evaluation
from gradesys.span import CREATED, WHOLE, Span

PARTITION_ROWS = 25_000
"""The most rows that one partition is meant to have: five pages, which only come one after the
other, and little memory; ranges of a table are read side by side."""
GRAINS = 4
"""A partition is put together of at least so many spans, so that sizes come out even."""
TOGETHER = 64
"""So many spans are counted by one request, which takes no longer than for two."""
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
    """Halve what is too large until it is not, in few rounds of counting; the order is kept."""
    while True:
        large = sum(map(_is_large, pieces))
        cut = [_cut(piece.span, ends, _times(piece, large)) for piece in pieces]
        spans = [span for parts in cut for span in parts]
        if not spans:
            return pieces
        sizes = iter(context.store.sizes(read, spans))
        pieces = [
            new
            for piece, parts in zip(pieces, cut, strict=True)
            for new in ([_Piece(span, next(sizes)) for span in parts] or [piece])
        ]


def _is_large(piece: _Piece) -> bool:
    return piece.size is None or piece.size > PARTITION_ROWS // GRAINS


def _times(piece: _Piece, large: int) -> int:
    """How often to halve a piece before its parts are counted. Of known size: as often as is right
    if its rows came evenly. Else until those of all ``large`` pieces are as many as go together."""
    if not _is_large(piece):
        return 0
    if piece.size is None:
        return max(1, (TOGETHER // large).bit_length() - 1)
    return max(1, (ceil(piece.size / max(1, PARTITION_ROWS // GRAINS)) - 1).bit_length())


def _cut(span: Span, ends: Ends, times: int) -> tuple[Span, ...]:
    """A span's halves, or theirs, so many times; none where it is not to be cut, or cannot be."""
    start, end = span.start or ends[0], span.end or ends[1] + SECOND
    middle = (start + (end - start) / 2).replace(microsecond=0)
    if not times or not start < middle < end:
        return ()
    halves = Span(span.start, middle), Span(middle, span.end)
    return tuple(part for half in halves for part in _cut(half, ends, times - 1) or (half,))


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
