"""Rows of the records in a span: by their own creation, or by that of the record they point to.

The range goes along a lookup to one of its targets, so rows that point elsewhere are left out too:
they belong to no record of the scored table.
"""

from __future__ import annotations

from datetime import datetime

from gradesys.dataverse.literals import literal
from gradesys.dataverse.odata import TRUE, filter_text, table_of
from gradesys.records import Kind, Read, Schema
from gradesys.span import CREATED, Span

_NOWHERE = "?"


def filter_within(schema: Schema, read: Read, span: Span) -> str:
    """``$filter`` text of a read in a span, not URL-encoded; ``TRUE`` leaves out nothing."""
    table = table_of(schema, read.table)
    parts = [filter_text(schema, table, read.where), _range(schema, read, span)]
    return " and ".join(part for part in parts if part != TRUE)


def _place(schema: Schema, read: Read) -> str:
    """The way to the scored record, with a slash; nothing where it is the row itself."""
    if read.table == read.target and read.key == schema[read.table].id_column:
        return ""
    navigation = schema[read.table].navigations.get((read.key, read.target))
    return f"{navigation}/" if navigation else _NOWHERE


def _range(schema: Schema, read: Read, span: Span) -> str:
    place = _place(schema, read)
    if place == _NOWHERE or span.whole:
        return TRUE
    created = f"{place}{CREATED}"
    after = f"{created} ge {_told(span.start)}" if span.start else TRUE
    before = f"{created} lt {_told(span.end)}" if span.end else TRUE
    if span.start:
        return f"({after} and {before})" if before else after
    # The first part also has the records that do not tell; rows without a record are nobody's.
    exists = f"{place}{table_of(schema, read.target).id_column} ne null and " if place else ""
    return f"({exists}({before} or {created} eq null))"


def _told(instant: datetime) -> str:
    return literal(Kind.INSTANT, instant)
