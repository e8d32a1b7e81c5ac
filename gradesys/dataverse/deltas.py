"""What changed in a table since it was last looked at, by Dataverse's change tracking.

A look costs one request when nothing happened, whatever the size of the table. Deleted rows come
with their id alone: who needs more of them must remember it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from gradesys.dataverse.client import Client
from gradesys.dataverse.decode import PageDecoder
from gradesys.dataverse.odata import table_of
from gradesys.dataverse.queries import PAGE_SIZE, urls, worded
from gradesys.dataverse.shapes import shape_of
from gradesys.errors import PermanentError
from gradesys.records import Read, Row, Schema, Scope
from gradesys.tracking import Delta, Token

_FRESH = {"Consistency": "Strong"}
"""An administrator may have turned tracking on just now."""
_TRACK = "odata.track-changes"
_DELETED = "$deletedEntity"


class _Item(msgspec.Struct):
    """What tells a deletion from a row; no column's name holds an @."""

    context: str = msgspec.field(name="@odata.context", default="")
    id: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def is_deletion(self) -> bool:
        return self.context.endswith(_DELETED)


class _Page(msgspec.Struct):
    value: list[msgspec.Raw]
    next_link: str | None = msgspec.field(name="@odata.nextLink", default=None)
    delta_link: str | None = msgspec.field(name="@odata.deltaLink", default=None)


class Deltas:
    """Change tracking of one organisation. ``first`` and ``since`` raise ``NotTracked`` for a table
    without it, ``TokenExpired`` for a token that is too old; columns are the table's own, not
    dotted."""

    def __init__(self, client: Client, schema: Schema, *, page_size: int = PAGE_SIZE) -> None:
        self._client = client
        self._schema = schema
        self._page_size = page_size

    def tracked(self, tables: Collection[str]) -> frozenset[str]:
        """Those of the tables whose changes are tracked now, by one request."""
        if not tables:
            return frozenset()
        named = "%20or%20".join(f"LogicalName%20eq%20'{table}'" for table in sorted(tables))
        path = f"EntityDefinitions?$select=LogicalName,ChangeTrackingEnabled&$filter={named}"
        rows = self._client.request("GET", path, headers=_FRESH).json()["value"]
        return frozenset(row["LogicalName"] for row in rows if row["ChangeTrackingEnabled"])

    def first(
        self, table: str, columns: tuple[str, ...], place: str | None = None
    ) -> Iterator[Delta]:
        """Every row of ``table``, or those after the ``place`` of a delta. The last delta, and no
        other, carries a token: keep it once all deltas are dealt with. Rows hold ``columns`` and
        the primary key."""
        read = self._read(table, columns)
        (path,) = urls(worded(self._schema, read), Scope(table))
        return self._follow(read, place or path, {"Prefer": f"{_TRACK},{self._wishes(read)}"})

    def since(self, token: Token) -> Iterator[Delta]:
        """What happened after ``token``: rows created or changed as they are now, then the ids of
        deleted ones, those included that came and went unseen. The last delta has a token."""
        read = self._read(token.table, token.columns)
        return self._follow(read, token.link, {"Prefer": self._wishes(read)})

    def _read(self, table: str, columns: tuple[str, ...]) -> Read:
        id_column = table_of(self._schema, table).id_column
        dotted = [name for name in columns if "." in name]
        if dotted:
            raise PermanentError(f"change tracking tells no parent's column: {', '.join(dotted)}")
        names = tuple(dict.fromkeys((id_column, *columns)))
        return Read(table, names, id_column, table)

    def _wishes(self, read: Read) -> str:
        return worded(self._schema, read, self._page_size).prefer["Prefer"]

    def _follow(self, read: Read, path: str, headers: dict[str, str]) -> Iterator[Delta]:
        decoder = PageDecoder(shape_of(self._schema, read.table, read.columns), read.columns)
        link: str | None = path
        while link is not None:
            page = _decoded(self._client.request("GET", link, headers=headers).content)
            link = page.next_link
            if link is None and page.delta_link is None:
                raise PermanentError(f"the changes of {read.table} end without a delta link")
            token = Token(read.table, read.columns, page.delta_link) if page.delta_link else None
            yield Delta(*_sorted(page, decoder), token, link)


def _decoded(content: bytes) -> _Page:
    try:
        return msgspec.json.decode(content, type=_Page)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PermanentError("the answer is no page of changes") from error


def _sorted(page: _Page, decoder: PageDecoder) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows of a page, and the ids of the deleted ones."""
    kept: list[msgspec.Raw] = []
    deleted: list[str] = []
    for raw in page.value:
        item = msgspec.json.decode(raw, type=_Item)
        if item.is_deletion:
            deleted.append(msgspec.json.decode(item.id, type=str).lower())
        else:
            kept.append(raw)
    return tuple(decoder.decode(msgspec.json.encode({"value": kept})).rows), tuple(deleted)
