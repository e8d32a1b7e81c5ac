"""How many rows a read has, and how old they are, before anybody reads them.

Dataverse refuses to count more than 50,000 rows; that is an answer too: too many for one part.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from urllib.parse import quote

from gradesys.dataverse.abreast import abreast
from gradesys.dataverse.answers import PartResponse
from gradesys.dataverse.batch import Part
from gradesys.dataverse.client import Client
from gradesys.dataverse.decode import PageDecoder
from gradesys.dataverse.odata import TRUE, filter_text, table_of
from gradesys.dataverse.queries import SAFE
from gradesys.dataverse.ranges import filter_within
from gradesys.dataverse.sending import BATCH_LIMIT, send_all
from gradesys.dataverse.shapes import Shape
from gradesys.errors import DataverseError, GradesysError
from gradesys.records import Column, Kind, Read, Row, Schema
from gradesys.span import CREATED, Span

TOO_MANY, TOO_MANY_TEXT = "0x8004e023", "AggregateQueryRecordLimit"
"""Code and words of the refusal; codes are often left out, so either will do."""
_ROWS, _AGE = Column("rows", Kind.INTEGER), Column(CREATED, Kind.INSTANT)


def is_too_many(error: GradesysError) -> bool:
    """Whether Dataverse refuses because there are more rows than it counts."""
    known = isinstance(error, DataverseError) and error.answer.code == TOO_MANY
    return known or TOO_MANY_TEXT in str(error)


def sizes_of(
    client: Client, schema: Schema, read: Read, spans: Sequence[Span]
) -> tuple[int | None, ...]:
    """Rows in each span, None where there are too many to count."""
    return tuple(
        None if row is None else int(str(row["rows"] or 0))
        for row in _answers(client, [_count(schema, read, span) for span in spans], _ROWS)
    )


def ends_of(client: Client, schema: Schema, read: Read) -> tuple[datetime, datetime] | None:
    """When the first and the last row that tells were created."""
    first, last = _answers(client, [_end(schema, read, way) for way in ("asc", "desc")], _AGE)
    ends = (first or {}).get(CREATED), (last or {}).get(CREATED)
    if isinstance(ends[0], datetime) and isinstance(ends[1], datetime):
        return ends[0], ends[1]
    return None


def _answers(client: Client, paths: Sequence[str], column: Column) -> list[Row | None]:
    """The one row of each answer; None where Dataverse would not count."""
    decoder = PageDecoder(Shape("", (column,)), (column.name,))
    found: list[Row | None] = []
    for answer in _asked(client, [Part("GET", path) for path in paths]):
        error = answer.error()
        if error is None:
            found.append(next(iter(decoder.decode(answer.content).rows), {column.name: None}))
        elif is_too_many(error):
            found.append(None)
        else:
            raise error
    return found


def _asked(client: Client, parts: Sequence[Part]) -> list[PartResponse]:
    """Answers to reads, batches side by side: a hundred counts take the server seconds."""
    batches = [parts[start : start + BATCH_LIMIT] for start in range(0, len(parts), BATCH_LIMIT)]
    answers = abreast(partial(send_all, client), batches, client.options.parallelism)
    return list(chain.from_iterable(answers))


def _count(schema: Schema, read: Read, span: Span) -> str:
    where = filter_within(schema, read, span)
    steps = [f"filter({where})"] if where else []
    apply = "/".join([*steps, "aggregate($count as rows)"])
    return f"{table_of(schema, read.table).entity_set}?$apply={quote(apply, safe=SAFE)}"


def _end(schema: Schema, read: Read, way: str) -> str:
    table = table_of(schema, read.table)
    where = filter_text(schema, table, read.where)
    known = f"{CREATED} ne null" if where == TRUE else f"{where} and {CREATED} ne null"
    options = f"$select={CREATED}&$orderby={CREATED}%20{way}&$top=1"
    return f"{table.entity_set}?{options}&$filter={quote(known, safe=SAFE)}"
