"""Reads of rows further away as FetchXML: the way back to the scored records by inner joins.

One request answers what would take one for each hop (dataverse.md section 3.6). Joins only narrow;
a row that comes twice, or of another record, does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from msgspec import Struct

from gradesys.dataverse.fetchfilters import add_filter
from gradesys.dataverse.literals import guid
from gradesys.dataverse.odata import column_of, table_of
from gradesys.dataverse.queries import PAGE_SIZE, URL_LIMIT
from gradesys.dataverse.shapes import Shape, alias_of, shape_of
from gradesys.errors import PermanentError
from gradesys.records import Read, Schema

PREFER = {
    "Prefer": 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname,'
    'Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords"'
}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ID_LENGTH = 90
"""Characters of one id in a URL, its element included."""


class Fetch(Struct, frozen=True):
    """One query; ``entity`` is its XML below the root."""

    entity_set: str
    entity: str

    def path(self, page: int = 1, cookie: str = "") -> str:
        """What to GET for a page. ``cookie``: of the page before, decoded; empty: there was none,
        and pages are counted."""
        if _NO_XML.search(cookie):
            raise PermanentError("a paging cookie holds what no XML can say")
        paging = {"paging-cookie": cookie} if cookie else {}
        root = Element("fetch", {"count": str(PAGE_SIZE), "page": str(page), **paging})
        start = tostring(root, encoding="unicode").removesuffix(" />")
        text = f"{start}>{self.entity}</fetch>"
        return f"{self.entity_set}?fetchXml={quote(text, safe='')}"


def fetches(schema: Schema, read: Read, ids: tuple[str, ...]) -> Iterator[Fetch]:
    """The queries for ``read`` and some records: one, or several where the ids would make it too
    long. Raises ``MissingMetadata`` and ``PermanentError``."""
    room = URL_LIMIT - len(_fetch(schema, read, ()).path())
    once, size = tuple(dict.fromkeys(ids)), max(1, room // _ID_LENGTH)
    for start in range(0, len(once), size):
        yield _fetch(schema, read, once[start : start + size])


def _fetch(schema: Schema, read: Read, ids: tuple[str, ...]) -> Fetch:
    table = table_of(schema, read.table)
    entity = Element("entity", {"name": table.name})
    _select(schema, entity, shape_of(schema, read.table, read.columns), "")
    SubElement(entity, "order", {"attribute": table.id_column})
    add_filter(table, entity, read.where)
    _join(schema, entity, read, ids)
    return Fetch(table.entity_set, tostring(entity, encoding="unicode"))


def _select(schema: Schema, node: Element, shape: Shape, place: str) -> None:
    for column in shape.columns:
        SubElement(node, "attribute", {"name": column.name})
    for number, branch in enumerate(shape.branches):
        alias = alias_of(place, number)
        parent = table_of(schema, branch.shape.table)
        join = {"name": parent.name, "from": parent.id_column, "to": branch.lookup}
        link = SubElement(node, "link-entity", {**join, "link-type": "outer", "alias": alias})
        _select(schema, link, branch.shape, alias)


def _join(schema: Schema, node: Element, read: Read, ids: tuple[str, ...]) -> None:
    """Nest the links; rows of the last one must hold one of the ids."""
    table = table_of(schema, read.table)
    for number, link in enumerate(read.way):
        near, further = column_of(table, link.near).name, table_of(schema, link.table)
        far = column_of(further, link.far).name
        join = {"name": further.name, "from": far, "to": near, "link-type": "inner"}
        node = SubElement(node, "link-entity", {**join, "alias": f"w{number}"})
        table = further
    condition = {"attribute": column_of(table, read.key).name, "operator": "in"}
    inside = SubElement(SubElement(node, "filter"), "condition", condition)
    for id in ids:
        SubElement(inside, "value").text = guid(id)
