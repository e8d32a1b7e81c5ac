"""A FetchXML query with ``aggregate="true"``: groups and their figures."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, field

from emulator.definitions import Column
from emulator.query.aggregates import (
    LIMIT,
    Group,
    KeyReader,
    Measure,
    aggregate_limit,
    check_measure,
    key_reader,
    summarize,
)
from emulator.query.annotations import FORMATTED
from emulator.query.fetchxml.dateparts import part_reader, part_text
from emulator.query.fetchxml.faults import bad_fetch
from emulator.query.fetchxml.model import Attribute, Fetch, Order
from emulator.query.fetchxml.paging import place_of
from emulator.query.fetchxml.parse import joined_links
from emulator.query.fetchxml.plan import Plan, column_named, plan_query, table_named
from emulator.query.fetchxml.rows import Fetched
from emulator.query.figures import figure_members
from emulator.query.output import Output, Part
from emulator.query.read import Reader
from emulator.query.shape import RawRow, Shape
from emulator.query.source import Source, name_of_lookup


class _Summary(Struct):
    """What to read and how: ``shown`` are plain groups, ``keys`` and ``measures`` read raw rows.

    ``aliases`` are those of the keys, ``ranks`` the places of what lookups are sorted by.
    """

    plan: Plan
    shown: Output
    keys: list[KeyReader] = field(default_factory=list)
    aliases: list[Attribute] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    ranks: dict[str, int] = field(default_factory=dict)

    def place(self, expression: str) -> int:
        """The place of an SQL expression in raw rows; the main table's columns come first."""
        return self.shown.parts[0].shape.column_at(expression)


def fetch_summary(reader: Reader, fetch: Fetch) -> Fetched:
    """The groups of one page; 400 (0x8004E023) over more than 50,000 rows."""
    entity = fetch.entity
    plan = plan_query(reader, reader.source(table_named(reader, entity.name)), entity)
    named = [(plan.main, entity.attributes or ())]
    named += [
        (plan.linked[link.alias], link.entity.attributes or ()) for link in joined_links(entity)
    ]
    shown = [_part(reader, *pair) for pair in named if pair[1] or pair[0] is plan.main]
    summary = _Summary(plan, Output(shown))
    for source, attributes in named:
        for item in attributes:
            _add(summary, source, item)
    orders = list(_orders(fetch))
    groups = summarize(_rows(summary, fetch.limit), summary.keys, summary.measures)
    rows = [dict(_members(summary, group)) for group in _sorted(summary, groups, orders)]
    place = place_of(fetch, [])
    page = rows[place.skip : place.skip + place.size]
    more = fetch.top is None and len(rows) > place.skip + place.size
    return Fetched(page, more)


def _orders(fetch: Fetch) -> Iterator[Order]:
    entities = [fetch.entity, *(link.entity for link in joined_links(fetch.entity))]
    for entity in entities:
        for order in entity.orders:
            if order.alias is None:
                raise bad_fetch("An aggregate query is ordered by an alias, not by an attribute.")
            yield order


def _part(reader: Reader, source: Source, attributes: Sequence[Attribute]) -> Part:
    """How plain groups are shown; the key stands in where there are none."""
    plain = [item for item in attributes if item.grouped and item.part is None]
    columns = [column_named(source, item.name) for item in plain]
    select = [column.name for column in columns] or [source.table.id_column]
    names: dict[str, tuple[str, ...]] = {}
    for column, item in zip(columns, plain, strict=True):
        held = names.get(column.property_name, ())
        names[column.property_name] = (*held, _alias(item))
    return Part(Shape(source, select, reader.wanted), names)


def _alias(item: Attribute) -> str:
    if not item.alias:
        raise bad_fetch(f"The attribute '{item.name}' of an aggregate query needs an alias.")
    return item.alias


def _add(summary: _Summary, source: Source, item: Attribute) -> None:
    column = column_named(source, item.name)
    at = summary.place(source.sql(column))
    if not item.grouped:
        summary.measures.append(_measure(item, column, at))
        return
    summary.aliases.append(item)
    if item.part is not None:
        summary.keys.append(part_reader(item, column, at, summary.plan.reader.asking()))
        return
    summary.keys.append(key_reader(column, at))
    if column.is_lookup:
        summary.ranks[_alias(item)] = summary.place(f"fold({name_of_lookup(source, column)})")


def _measure(item: Attribute, column: Column, at: int) -> Measure:
    if item.aggregate is None:
        raise bad_fetch(f"The attribute '{item.name}' is neither grouped nor aggregated.")
    if item.distinct and item.aggregate != "countcolumn":
        raise bad_fetch("Only countcolumn can be distinct.")
    function = "countdistinct" if item.distinct else item.aggregate
    check_measure(function, column)
    return Measure(_alias(item), function, column, at)


def _rows(summary: _Summary, limit: int | None) -> list[RawRow]:
    most = min(limit or LIMIT, LIMIT)
    body = summary.plan.body()
    statement = f"SELECT {', '.join(summary.shown.expressions())} {body.text} LIMIT {most + 1}"
    rows = summary.plan.reader.connection.execute(statement, body.values).fetchall()
    if len(rows) > most:
        raise aggregate_limit()
    return rows


def _sorted(summary: _Summary, groups: list[Group], orders: Sequence[Order]) -> list[Group]:
    """By the orders, last one first for each sort is stable; at first by the keys."""
    found = sorted(groups, key=lambda group: [_nulls_first(key) for key in group.keys])
    for order in reversed(orders):
        ranked = [(_nulls_first(_rank(summary, group, order)), group) for group in found]
        ranked.sort(key=lambda pair: pair[0], reverse=order.descending)
        found = [group for _, group in ranked]
    return found


def _rank(summary: _Summary, group: Group, order: Order) -> Any:
    if order.alias in summary.ranks:
        return group.sample[summary.ranks[order.alias]]
    for item, key in zip(summary.aliases, group.keys, strict=True):
        if item.alias == order.alias:
            return key
    for measure, figure in zip(summary.measures, group.figures, strict=True):
        if measure.name == order.alias:
            return figure
    raise bad_fetch(f"No attribute has the alias '{order.alias}'.")


def _nulls_first(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def _members(summary: _Summary, group: Group) -> Iterator[tuple[str, Any]]:
    reader = summary.plan.reader
    if group.sample:
        yield from summary.shown.row(group.sample).items()
    for item, key in zip(summary.aliases, group.keys, strict=True):
        if item.part is not None and key is not None:
            if FORMATTED in reader.wanted:
                yield f"{_alias(item)}@{FORMATTED}", part_text(item.part, key)
            yield _alias(item), key
    for measure, figure in zip(summary.measures, group.figures, strict=True):
        yield from figure_members(reader.definitions, reader.wanted, measure, figure)
