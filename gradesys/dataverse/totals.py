"""A record's rows as figures of the server's, where there are too many to page through.

``$apply`` takes the same filter as the rows would, and its answers are decoded like rows, so both
ways to a score differ in what travels and in nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote

from msgspec import Struct

from gradesys.dataverse.batch import Part
from gradesys.dataverse.client import Client
from gradesys.dataverse.decode import PageDecoder
from gradesys.dataverse.literals import guid
from gradesys.dataverse.odata import column_of, filter_text, property_of, table_of
from gradesys.dataverse.queries import SAFE, URL_LIMIT
from gradesys.dataverse.sending import send_all
from gradesys.dataverse.shapes import Shape
from gradesys.errors import PermanentError
from gradesys.records import Column, Figure, Kind, Partial, Read, Row, Schema, Table

_log = logging.getLogger(__name__)
_ROWS = Column("rows", Kind.INTEGER)


class _Question(Struct, frozen=True):
    """One ``$apply`` and the shape of its one answering row: ``rows``, and a column a figure."""

    path: str
    columns: tuple[Column, ...]

    def answer(self, content: bytes) -> Row:
        names = tuple(column.name for column in self.columns)
        rows = PageDecoder(Shape("", self.columns), names).decode(content).rows
        return rows[0] if rows else dict.fromkeys(names)


def partial_of(client: Client, schema: Schema, read: Read, id_: str) -> Partial | None:
    """All rows of one record that ``read`` leaves, as ``read.figures``, by one HTTP request. None
    where Dataverse refuses (more than 50,000 rows, for one): they must be paged through."""
    questions = _questions(schema, read, id_)
    if max(len(question.path) for question in questions.values()) > URL_LIMIT:
        return None
    try:
        answers = _ask(client, list(questions.values()))
    except PermanentError as error:
        _log.info("no figures of %s: %s %s", read.table, error.answer.status, error.answer.code)
        return None
    found = dict(zip(questions, answers, strict=True))
    summed = found.pop(None)
    figures = {
        figure: summed[_alias(figure)] for figure in read.figures or () if figure.op != "count"
    }
    counts = {figure: row["rows"] for figure, row in found.items() if figure is not None}
    rows = summed["rows"]
    return Partial(guid(id_), int(rows) if isinstance(rows, Decimal) else 0, {**figures, **counts})


def _ask(client: Client, questions: Sequence[_Question]) -> list[Row]:
    found = []
    answers = send_all(client, [Part("GET", question.path) for question in questions])
    for question, answer in zip(questions, answers, strict=True):
        error = answer.error()
        if error is not None:
            raise error
        found.append(question.answer(answer.content))
    return found


def _questions(schema: Schema, read: Read, id_: str) -> dict[Figure | None, _Question]:
    """One for all sums and ends (None), and one for each count: ``$apply`` counts rows only."""
    table = table_of(schema, read.table)
    own = f"{property_of(column_of(table, read.key))} eq {guid(id_)}"
    where = filter_text(schema, table, read.where)
    rows = f"{where} and {own}" if where else own
    figures = read.figures or ()
    summed = [figure for figure in figures if figure.op != "count"]
    counted = [figure for figure in figures if figure.op == "count"]
    return {
        None: _question(table, rows, summed),
        **{
            figure: _question(table, f"{rows} and {figure.column} ne null", ())
            for figure in counted
        },
    }


def _question(table: Table, condition: str, figures: Sequence[Figure]) -> _Question:
    wishes = [f"{figure.column} with {figure.op} as {_alias(figure)}" for figure in figures]
    apply = f"filter({condition})/aggregate({','.join([*wishes, '$count as rows'])})"
    kinds = [Column(_alias(f), column_of(table, f.column).kind) for f in figures]
    return _Question(f"{table.entity_set}?$apply={quote(apply, safe=SAFE)}", (_ROWS, *kinds))


def _alias(figure: Figure) -> str:
    return f"{figure.op}_of_{figure.column}"
