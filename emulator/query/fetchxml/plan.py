"""A FetchXML query as SQL: its tables, joined as the link-entities say, and its conditions."""

from collections.abc import Sequence

from msgspec import Struct, field

from emulator.definitions import Column, Table
from emulator.errors import invalid_argument
from emulator.query.fetchxml.faults import bad_fetch, bad_link, missing_attribute, missing_entity
from emulator.query.fetchxml.model import JOINS, Condition, Entity, Filter, Link
from emulator.query.fetchxml.parse import joined_links
from emulator.query.filters import balanced
from emulator.query.operators.comparing import SIGNS
from emulator.query.operators.operand import Operand
from emulator.query.operators.table import condition_sql
from emulator.query.read import Reader
from emulator.query.source import Source, Sql
from emulator.rows.schema import quote


class Plan(Struct):
    """The main table under its alias in SQL, and every joined one by its alias in the query."""

    reader: Reader
    main: Source
    linked: dict[str, Source] = field(default_factory=dict)
    joins: list[Sql] = field(default_factory=list)
    where: list[Sql] = field(default_factory=list)

    def body(self, extra: Sequence[Sql] = ()) -> Sql:
        """``FROM ... WHERE ...`` with its values in order."""
        start = f"FROM {quote(self.main.table.name)} {self.main.alias}"
        text = start + "".join(join.text for join in self.joins)
        conditions = [*self.where, *extra]
        if conditions:
            text += " WHERE " + " AND ".join(part.text for part in conditions)
        values = [value for part in (*self.joins, *conditions) for value in part.values]
        return Sql(text, tuple(values))

    def named(self, alias: str | None, default: Source) -> Source:
        """The source of an ``entityname``; 400 when the query has none of that name."""
        if alias is None:
            return default
        if alias in self.linked:
            return self.linked[alias]
        by_table = [item for item in self.linked.values() if item.table.name == alias]
        if len(by_table) != 1:
            raise bad_link(alias)
        return by_table[0]


def table_named(reader: Reader, name: str) -> Table:
    """The table of an entity element; 400 when there is none."""
    if name not in reader.definitions.tables:
        raise missing_entity(name)
    return reader.definitions.tables[name]


def column_named(source: Source, name: str) -> Column:
    """A column by its logical name; 400 when the table has none of it."""
    column = source.table.columns.get(name)
    if column is None:
        raise missing_attribute(name, source.table.name)
    return column


def plan_query(reader: Reader, main: Source, entity: Entity) -> Plan:
    """Every join and condition of an entity; sources first, for conditions name them freely."""
    plan = Plan(reader, main)
    for link in joined_links(entity):
        if link.alias in plan.linked:
            raise bad_fetch(f"Two link-entities have the alias '{link.alias}'.")
        plan.linked[link.alias] = _source(plan, link)
    _add_links(plan, main, entity.links)
    plan.where += [_filter(plan, main, item) for item in entity.filters if item.parts]
    return plan


def _source(plan: Plan, link: Link) -> Source:
    table = table_named(plan.reader, link.entity.name)
    aliases = plan.main.aliases
    return Source(plan.main.definitions, table, next(aliases), {}, aliases)


def _add_links(plan: Plan, outer: Source, links: Sequence[Link]) -> None:
    for link in links:
        if link.kind not in JOINS:
            plan.where.append(_related(plan, outer, link, "EXISTS"))
            continue
        own = plan.linked[link.alias]
        parts = [_tie(outer, own, link), *_filters(plan, own, link)]
        plan.joins.append(_joined(f" {JOINS[link.kind]} {quote(own.table.name)} {own.alias} ON ",
                                  parts))  # fmt: skip
        _add_links(plan, own, link.entity.links)


def _tie(outer: Source, own: Source, link: Link) -> Sql:
    left = outer.sql(column_named(outer, link.to))
    return Sql(f"{left} = {own.sql(column_named(own, link.own))}")


def _filters(plan: Plan, source: Source, link: Link) -> list[Sql]:
    return [_filter(plan, source, item) for item in link.entity.filters if item.parts]


def _joined(start: str, parts: Sequence[Sql], end: str = "") -> Sql:
    values = tuple(value for part in parts for value in part.values)
    return Sql(start + " AND ".join(part.text for part in parts) + end, values)


def _filter(plan: Plan, source: Source, item: Filter) -> Sql:
    parts = [
        _part(plan, source, part)
        for part in item.parts
        if not (isinstance(part, Filter) and not part.parts)
    ]
    text = balanced([part.text for part in parts] or ["1"], " OR " if item.either else " AND ")
    return Sql(text, tuple(value for part in parts for value in part.values))


def _part(plan: Plan, source: Source, part: Condition | Filter | Link) -> Sql:
    if isinstance(part, Filter):
        return _filter(plan, source, part)
    if isinstance(part, Condition):
        return _condition(plan, source, part)
    if part.kind == "all":
        # Documented: there are matching rows, and none of them passes the filters.
        matching = _related(plan, source, part, "EXISTS", filtered=False)
        passing = _related(plan, source, part, "NOT EXISTS")
        return _joined("(", [matching, passing], end=")")
    # Documented as well: "not all" is the same as "any", despite its name.
    word = "NOT EXISTS" if part.kind == "not any" else "EXISTS"
    return _related(plan, source, part, word)


def _related(plan: Plan, outer: Source, link: Link, word: str, *, filtered: bool = True) -> Sql:
    """Whether rows of the linked table exist, with a plan of its own for what is inside."""
    own = _source(plan, link)
    entity = link.entity if filtered else Entity(link.entity.name)
    body = plan_query(plan.reader, own, entity).body([_tie(outer, own, link)])
    return Sql(f"{word} (SELECT 1 {body.text})", body.values)


def _condition(plan: Plan, source: Source, item: Condition) -> Sql:
    source = plan.named(item.entity, source)
    operand = Operand(source, column_named(source, item.attribute), plan.reader.asking)
    if item.other is None:
        return condition_sql(operand, item.operator, item.values)
    if item.operator not in SIGNS:
        raise invalid_argument(f"The operator '{item.operator}' can't compare two columns.")
    alias, _, name = item.other.rpartition(".")
    other = plan.named(alias or None, source)
    column = column_named(other, name)
    if column.kind != operand.column.kind:
        raise invalid_argument(
            f"The columns '{item.attribute}' and '{item.other}' are of different types."
        )
    return Sql(f"{operand.sql} {SIGNS[item.operator]} {other.sql(column)}")
