"""``$orderby`` as SQL, and the condition for "after the last row of the page before".

Nulls come first ascending, lookups sort by the name of the row they point to, and the primary
key in SQL Server's guid order decides between equals.
"""

from collections.abc import Sequence

from msgspec import Struct

from emulator.errors import bad_query
from emulator.query.source import Source, Sql, name_of_lookup
from emulator.rows.schema import ORDER, guid_order, quote
from emulator.rows.values import TEXT_KINDS, SqlValue


class SortKey(Struct, frozen=True):
    """One expression to sort by."""

    expression: str
    descending: bool = False

    def clause(self) -> str:
        return f"{self.expression} DESC" if self.descending else self.expression

    def after(self, value: SqlValue) -> Sql:
        """Rows that come after this value."""
        if value is None:
            return Sql("0") if self.descending else Sql(f"{self.expression} IS NOT NULL")
        if self.descending:
            return Sql(f"({self.expression} < ? OR {self.expression} IS NULL)", (value,))
        return Sql(f"{self.expression} > ?", (value,))


def sort_keys(source: Source, order: Sequence[tuple[str, bool]]) -> list[SortKey]:
    """The keys of an ``$orderby``, ending with the primary key."""
    keys = [SortKey(_expression(source, path), descending) for path, descending in order]
    return [*keys, SortKey(f"{source.alias}.{quote(ORDER)}")]


def _expression(source: Source, path: str) -> str:
    *navigation, name = path.split("/")
    if not name.isidentifier():
        raise bad_query(f"Syntax error in '$orderby': '{path}'.")
    end = source.along(navigation)
    column = end.column(name)
    if column.is_lookup:
        return f"fold({name_of_lookup(end, column)})"
    if column.kind == "Uniqueidentifier":
        return f"({guid_order(end.sql(column))})"
    # Folding every text once is much cheaper than a collation called for every comparison.
    return f"fold({end.sql(column)})" if column.kind in TEXT_KINDS else end.sql(column)


def after_row(keys: Sequence[SortKey], last: Sequence[SqlValue]) -> Sql:
    """The condition for rows after the one with these key values."""
    texts: list[str] = []
    values: list[SqlValue] = []
    for at, key in enumerate(keys):
        equal = [f"{earlier.expression} IS ?" for earlier in keys[:at]]
        after = key.after(last[at])
        texts.append("(" + " AND ".join([*equal, after.text]) + ")")
        values += [*last[:at], *after.values]
    return Sql("(" + " OR ".join(texts) + ")", tuple(values))
