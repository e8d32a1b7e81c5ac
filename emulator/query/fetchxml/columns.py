"""The columns a FetchXML query returns and the names they get."""

from collections.abc import Callable, Sequence

from emulator.definitions import Column
from emulator.query.annotations import Wanted
from emulator.query.fetchxml.model import Attribute, Entity
from emulator.query.fetchxml.parse import joined_links
from emulator.query.fetchxml.plan import Plan, column_named
from emulator.query.output import Output, Part
from emulator.query.shape import Shape, selected_columns
from emulator.query.source import Source


def output_of(plan: Plan, entity: Entity, wanted: Wanted, *, distinct: bool) -> Output:
    """What an entity and its joined links return."""
    parts = [_main(plan.main, entity.attributes, wanted, keyed=not distinct)]
    for link in joined_links(entity):
        attributes = link.entity.attributes
        if attributes != ():
            parts.append(_linked(plan.linked[link.alias], link.alias, attributes, wanted))
    return Output(parts, distinct)


def _main(
    source: Source, attributes: Sequence[Attribute] | None, wanted: Wanted, *, keyed: bool
) -> Part:
    columns = _columns(source, attributes)
    shape = Shape(source, [column.name for column in columns], wanted)
    names = _names(columns, attributes, lambda column: column.property_name)
    if keyed:
        # The key always comes, and the currency with an amount, unless rows shall be distinct.
        # The row's own annotation, its etag, has no property before the @.
        selected = selected_columns(source, [column.name for column in columns])
        names = {"": ("",), **{item.property_name: (item.property_name,) for item in selected},
                 **names}  # fmt: skip
    return Part(shape, names)


def _linked(
    source: Source, alias: str, attributes: Sequence[Attribute] | None, wanted: Wanted
) -> Part:
    columns = _columns(source, attributes)
    names = _names(columns, attributes, lambda column: f"{alias}.{column.name}")
    return Part(Shape(source, [column.name for column in columns], wanted), names)


def _columns(source: Source, attributes: Sequence[Attribute] | None) -> list[Column]:
    """The columns named, every one of them for None, the key for none at all."""
    if attributes is None:
        return selected_columns(source, ())
    named = [column_named(source, item.name) for item in attributes]
    return named or [source.table.columns[source.table.id_column]]


def _names(
    columns: Sequence[Column],
    attributes: Sequence[Attribute] | None,
    plain: Callable[[Column], str],
) -> dict[str, tuple[str, ...]]:
    aliases = [None] * len(columns) if attributes is None else [item.alias for item in attributes]
    names: dict[str, tuple[str, ...]] = {}
    for column, alias in zip(columns, aliases, strict=False):
        held = names.get(column.property_name, ())
        names[column.property_name] = (*held, alias or plain(column))
    return names
