"""The tables behind many-to-many relationships: one row per link, its two ends and a version.

Links are made by associating rows, so these tables can only be read.
"""

from uuid import NAMESPACE_URL, uuid5

import msgspec

from emulator.definitions import Catalogue, Column, ManyToMany, Table
from emulator.errors import ApiError
from emulator.seeds import BASE_LANGUAGE

TYPE_CODE = 9_000
_MESSAGES = {"POST": "Create", "PATCH": "Update", "PUT": "Update", "DELETE": "Delete"}


def with_intersects(catalogue: Catalogue) -> Catalogue:
    """The catalogue with a table for every relationship that has none."""
    tables = {table.name: table for table in catalogue.tables}
    for number, item in enumerate(catalogue.many_to_many):
        tables.setdefault(item.intersect, intersect_table(item, TYPE_CODE + number))
    return msgspec.structs.replace(catalogue, tables=list(tables.values()))


def intersect_table(item: ManyToMany, type_code: int) -> Table:
    """The table of a relationship's links; its ids follow from its name."""
    name, (first, second) = item.intersect, item.ends
    columns = [
        _column(name, f"{name}id", "Uniqueidentifier"),
        _column(name, first.near, "Uniqueidentifier"),
        _column(name, second.near, "Uniqueidentifier"),
        _column(name, "versionnumber", "BigInt"),
    ]
    return Table(
        name=name,
        schema_name=name,
        set_name=f"{name}set" if item.custom else f"{name}collection",
        id=_id(name),
        id_column=f"{name}id",
        name_column=None,
        columns={column.name: column for column in columns},
        type_code=type_code,
        ownership="None",
        labels={BASE_LANGUAGE: name},
        collection_labels={BASE_LANGUAGE: name},
        custom=item.custom,
        is_intersect=True,
    )


def refuse_direct(table: Table, method: str) -> None:
    """400 when a table of links is written to like an ordinary one."""
    message = _MESSAGES.get(method)
    if table.is_intersect and message is not None:
        text = f"The '{message}' method does not support entities of type '{table.name}'."
        raise ApiError(400, "0x80040800", text)


def _column(table: str, name: str, kind: str) -> Column:
    return Column(
        name=name,
        schema_name=name,
        kind=kind,
        id=_id(f"{table}/{name}"),
        labels={BASE_LANGUAGE: name},
        creatable=False,
        updatable=False,
        primary_id=name == f"{table}id",
    )


def _id(path: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"emulator/intersect/{path}"))
