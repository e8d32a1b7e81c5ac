"""A SELECT as the FetchXML query that means the same, and the names of its columns."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from emulator.definitions import Definitions
from emulator.query.fetchxml import model as fetchxml
from emulator.query.fetchxml.faults import missing_entity
from emulator.query.sql.model import Condition, Item, Join, Name, Predicate, Select
from emulator.query.sql.tokens import bad_sql

_FUNCTIONS = {"count": "countcolumn", "sum": "sum", "avg": "avg", "min": "min", "max": "max"}


class _Column(Struct, frozen=True):
    """A selected column: where it is, what it is called in the answer, what computes it."""

    alias: str
    attribute: fetchxml.Attribute


class _Scope(Struct, frozen=True):
    """The statement with its tables by alias."""

    definitions: Definitions
    select: Select
    tables: Mapping[str, str]

    def place(self, name: Name) -> tuple[str, str]:
        """Alias and column; without an alias that of the first table with such a column."""
        if name.table is not None:
            if name.table not in self.tables:
                raise bad_sql(f"'{name.table}.{name.column}' could not be bound.")
            return name.table, name.column
        for alias, table in self.tables.items():
            if name.column in self.definitions.tables[table].columns:
                return alias, name.column
        return self.select.alias, name.column


def to_fetch(definitions: Definitions, select: Select) -> tuple[fetchxml.Fetch, list[str]]:
    """The query without its window, and the names of the answer's columns in their order."""
    scope = _Scope(definitions, select, _tables(definitions, select))
    grouped = bool(select.groups) or any(item.function for item in select.items)
    columns = list(_columns(scope, grouped))
    names = [str(column.attribute.alias) for column in columns]
    shown = [*columns, *_unselected(scope, columns)] if grouped else columns
    links = tuple(_links(scope, shown, select.alias))
    where = () if select.where is None else (_filter(scope, select.where),)
    entity = fetchxml.Entity(
        select.table, _of(shown, select.alias), tuple(_orders(scope, columns, grouped)),
        where, links,
    )  # fmt: skip
    return fetchxml.Fetch(entity, aggregate=grouped, distinct=select.distinct), names


def _tables(definitions: Definitions, select: Select) -> dict[str, str]:
    found = {select.alias: select.table}
    for join in select.joins:
        if join.alias in found:
            raise bad_sql(f"two tables are called '{join.alias}'.")
        found[join.alias] = join.table
    for table in found.values():
        if table not in definitions.tables:
            raise missing_entity(table)
    return found


def _columns(scope: _Scope, grouped: bool) -> Iterator[_Column]:
    groups = {scope.place(name) for name in scope.select.groups}
    taken: set[str] = set()
    for item in scope.select.items:
        alias, column = _place(scope, item)
        if grouped and item.function is None and (alias, column) not in groups:
            raise bad_sql(f"'{column}' is neither grouped nor aggregated.")
        named = item.alias or (f"{item.function}_{column}" if item.function else column)
        named = f"{alias}.{named}" if named in taken else named
        taken.add(named)
        function = "count" if item.name is None else _FUNCTIONS.get(item.function or "")
        yield _Column(
            alias,
            fetchxml.Attribute(
                column, named, function, grouped and item.function is None, None, item.distinct
            ),
        )


def _place(scope: _Scope, item: Item) -> tuple[str, str]:
    if item.name is not None:
        return scope.place(item.name)
    return scope.select.alias, scope.definitions.tables[scope.select.table].id_column


def _unselected(scope: _Scope, columns: Sequence[_Column]) -> Iterator[_Column]:
    """The columns that only GROUP BY names, under names no answer has."""
    selected = {(item.alias, item.attribute.name) for item in columns if item.attribute.grouped}
    for name in scope.select.groups:
        alias, column = scope.place(name)
        if (alias, column) not in selected:
            yield _Column(alias, fetchxml.Attribute(column, f"@{alias}.{column}", grouped=True))


def _of(columns: Sequence[_Column], alias: str) -> tuple[fetchxml.Attribute, ...]:
    return tuple(column.attribute for column in columns if column.alias == alias)


def _links(scope: _Scope, columns: Sequence[_Column], outer: str) -> Iterator[fetchxml.Link]:
    """The joins that hang on a table, with those that hang on theirs."""
    for join in scope.select.joins:
        own, to = _sides(scope, join)
        if to[0] == outer:
            inner = tuple(_links(scope, columns, join.alias))
            entity = fetchxml.Entity(join.table, _of(columns, join.alias), links=inner)
            yield fetchxml.Link(entity, own[1], to[1], join.kind, join.alias)


def _sides(scope: _Scope, join: Join) -> tuple[tuple[str, str], tuple[str, str]]:
    """The column of the joined table, and that of a table before it."""
    left, right = scope.place(join.left), scope.place(join.right)
    own, to = (left, right) if left[0] == join.alias else (right, left)
    earlier = list(scope.tables)[: list(scope.tables).index(join.alias)]
    if own[0] != join.alias or to[0] not in earlier:
        raise bad_sql(f"the join of '{join.alias}' must name a column of each side.")
    return own, to


def _orders(scope: _Scope, columns: Sequence[_Column], grouped: bool) -> Iterator[fetchxml.Order]:
    for order in scope.select.orders:
        found = _ordered(scope, columns, order.name)
        if grouped:
            if found is None:
                raise bad_sql(f"'{order.name.column}' is not among the selected columns.")
            yield fetchxml.Order(alias=found.attribute.alias, descending=order.descending)
            continue
        alias, column = scope.place(order.name)
        if found is not None:
            alias, column = found.alias, found.attribute.name
        entity = None if alias == scope.select.alias else alias
        yield fetchxml.Order(column, None, order.descending, entity)


def _ordered(scope: _Scope, columns: Sequence[_Column], name: Name) -> _Column | None:
    """The selected column that ORDER BY means, by its alias or by its name."""
    for column in columns:
        if name.table is None and str(column.attribute.alias).lower() == name.column:
            return column
    place = scope.place(name)
    plain = [item for item in columns if item.attribute.aggregate is None]
    return next((item for item in plain if (item.alias, item.attribute.name) == place), None)


def _filter(scope: _Scope, condition: Condition) -> fetchxml.Filter:
    if isinstance(condition, Predicate):
        return fetchxml.Filter((_condition(scope, condition),))
    return fetchxml.Filter(tuple(_part(scope, part) for part in condition.parts), condition.either)


def _part(scope: _Scope, condition: Condition) -> fetchxml.Condition | fetchxml.Filter:
    if isinstance(condition, Predicate):
        return _condition(scope, condition)
    return _filter(scope, condition)


def _condition(scope: _Scope, predicate: Predicate) -> fetchxml.Condition:
    alias, column = scope.place(predicate.name)
    entity = None if alias == scope.select.alias else alias
    return fetchxml.Condition(column, predicate.operator, predicate.values, entity)
