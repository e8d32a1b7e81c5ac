"""Reads as relative URLs: selected columns, parents by $expand, scope and narrowing by $filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from msgspec import Struct

from gradesys.dataverse.literals import guid
from gradesys.dataverse.odata import TRUE, column_of, filter_text, property_of, table_of
from gradesys.dataverse.ranges import filter_within
from gradesys.dataverse.shapes import Shape, shape_of
from gradesys.records import Kind, Read, Schema, Scope

URL_LIMIT = 30_000
"""Characters; within a batch Dataverse takes 64 KB (dataverse.md section 3.2)."""
ADDRESS_LIMIT = 4_000
"""Characters of a request by itself: what is longer goes in a batch, for how long an address may be
is not documented for certain."""
PAGE_SIZE = 5000
SAFE = "(),;=$'/:@"
LOOKUP_NAMES = 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"'


class Wording(Struct, frozen=True):
    """A read in words that all its queries share: ``start`` goes up to the filter, ``where``
    (encoded) stands beside ids, and ``prefer`` must go along with every nextLink as well."""

    schema: Schema
    read: Read
    start: str
    where: str
    prefer: Mapping[str, str]


def worded(schema: Schema, read: Read, page_size: int = PAGE_SIZE) -> Wording:
    """Put a read into words. Raises ``MissingMetadata`` and ``PermanentError``."""
    table = table_of(schema, read.table)
    shape = shape_of(schema, read.table, read.columns)
    start = f"{table.entity_set}?{_options(shape)}"
    where = quote(filter_text(schema, table, read.where), safe=SAFE)
    if len(start) + len(where) > URL_LIMIT // 2:
        where = TRUE  # a narrowing may always be left out; the ids may not
    wishes = [f"odata.maxpagesize={page_size}"]
    if _needs_lookup_names(shape):
        wishes.append(LOOKUP_NAMES)
    return Wording(schema, read, start, where, {"Prefer": ",".join(wishes)})


def urls(wording: Wording, scope: Scope) -> list[str]:
    """What to GET for a scope: one URL, or several where the ids would make it too long, none for
    no ids. Raises ``MissingMetadata`` and ``PermanentError``."""
    schema, read, start = wording.schema, wording.read, wording.start
    if scope.ids is None:
        where = quote(filter_within(schema, read, scope.span), safe=SAFE)
        return [f"{start}&$filter={where}" if where else start]
    start += f"&$filter={wording.where}%20and%20(" if wording.where else "&$filter=("
    key = property_of(column_of(table_of(schema, read.table), read.key))
    terms = [f"{key}%20eq%20{guid(id_)}" for id_ in dict.fromkeys(scope.ids)]
    return [f"{start}{ids})" for ids in _joined(terms, URL_LIMIT - len(start) - 1)]


def _options(shape: Shape, separator: str = "&") -> str:
    names = [property_of(column) for column in shape.columns]
    options = [f"$select={','.join(names)}"] if names else []
    if shape.branches:
        expands = (f"{b.navigation}({_options(b.shape, ';')})" for b in shape.branches)
        options.append(f"$expand={','.join(expands)}")
    return separator.join(options)


def _needs_lookup_names(shape: Shape) -> bool:
    return any(
        column.kind is Kind.LOOKUP and len(column.targets) != 1 for column in shape.columns
    ) or any(_needs_lookup_names(branch.shape) for branch in shape.branches)


def _joined(terms: list[str], limit: int) -> Iterator[str]:
    chunk: list[str] = []
    length = 0
    for term in terms:
        length += len(term) + len("%20or%20")
        if chunk and length > limit:
            yield "%20or%20".join(chunk)
            chunk, length = [], len(term)
        chunk.append(term)
    if chunk:
        yield "%20or%20".join(chunk)
