"""``$expand`` of a many-to-many relationship: the linked rows of a whole page in one query."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from emulator.definitions import End
from emulator.query.nested import LISTED, collection_address, listed, most
from emulator.query.options import Options
from emulator.query.pages import Window
from emulator.query.shape import RawRow, Row
from emulator.query.source import Sql
from emulator.rows.schema import quote

if TYPE_CHECKING:
    from emulator.query.read import Reader


class LinkedExpansion(Struct, frozen=True):
    """One item of ``$expand``; ``id_at`` says where the raw rows have their own guid."""

    reader: "Reader"
    end: End
    options: Options
    id_at: int

    def fill(self, raw: Sequence[RawRow], rows: Sequence[Row]) -> None:
        """Add the linked rows to every row, in the order of the options."""
        by_id: dict[str, list[Row]] = {found[self.id_at]: [] for found in raw}
        near_of = self._near_ids(by_id)
        limit = most(self.options)
        for far_id, row in self._far_rows(near_of):
            for near_id in near_of[far_id]:
                if len(by_id[near_id]) < limit:
                    by_id[near_id].append(row)
        name, table = self.end.navigation, self.reader.definitions.tables[self.end.table]
        for found, row in zip(raw, rows, strict=True):
            row_id = found[self.id_at]
            row[name] = by_id[row_id]
            address = collection_address(self.reader.root, table, row_id, name, self.options)
            row[f"{name}@odata.nextLink"] = address

    def _near_ids(self, ids: Iterable[str]) -> dict[str, list[str]]:
        """Far guid -> the guids of the rows here that it is linked to."""
        near, far = quote(self.end.near), quote(self.end.far)
        found = self.reader.connection.execute(
            f"SELECT {near}, {far} FROM {quote(self.end.relationship.intersect)} "
            f"WHERE {near} IN {LISTED}",
            [listed(ids)],
        )
        near_of: dict[str, list[str]] = {}
        for near_id, far_id in found:
            near_of.setdefault(far_id, []).append(near_id)
        return near_of

    def _far_rows(self, ids: Iterable[str]) -> list[tuple[str, Row]]:
        table = self.reader.definitions.tables[self.end.target]
        shape = self.reader.shape(table, self.options)
        key = f"{shape.source.alias}.{quote(table.id_column)}"
        at = shape.column_at(key)
        tie = Sql(f"{key} IN {LISTED}", (listed(ids),))
        page = self.reader.page(shape, self.options, tie, Window(size=None))
        return [(raw[at], row) for raw, row in zip(page.raw, page.rows, strict=True)]
