"""Takes away everything that apply ever made, whatever the rules say by now.

Rows are found by unique name and endpoint, columns by the note that apply left in their
description: a customer's own column is never deleted, even if somebody put it into our solution.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradesys.dataverse.client import Client
from gradesys.deploy.access.planning import role_removal
from gradesys.deploy.actions import Action, remove
from gradesys.deploy.inventory import read_registered
from gradesys.deploy.names import OWN_TABLES, PUBLISHER, SOLUTION, is_ours
from gradesys.deploy.reading import FRESH, Found, Registered, listed, rows
from gradesys.deploy.specs import is_note
from gradesys.deploy.surface.controls import SOLUTION as CONTROLS
from gradesys.deploy.surface.controls import control_removal
from gradesys.deploy.surface.reading import ROW_SETS, read_surface
from gradesys.deploy.texts import label_texts

_IN_ORDER = (
    ("sdkmessageprocessingstepimages", "image"),
    ("sdkmessageprocessingsteps", "step"),
    ("serviceendpoints", "service endpoint"),
    ("customapirequestparameters", "parameter"),
    ("customapis", "Custom API"),
)


def removal(client: Client) -> tuple[Action, ...]:
    """The plan that leaves an organisation as it was before the first apply. Reads only."""
    found = read_registered(client)
    surface = read_surface(client)
    return (
        *_surface(surface),
        *_rows(found),
        *_columns(client),
        *role_removal(client),
        *control_removal(client),
        *_solution(found, client),
    )


def _surface(found: Registered) -> Iterator[Action]:
    """What users see; buttons before the scripts that they call."""
    for entity_set, known in ROW_SETS.items():
        for id_, row in found.get(entity_set, {}).items():
            yield remove(f"{known.what} {row[known.name]}", f"{entity_set}({id_})")


def _rows(found: Registered) -> Iterator[Action]:
    for entity_set, what in _IN_ORDER:
        for id_, row in found[entity_set].items():
            yield remove(f"{what} {row['name']}", f"{entity_set}({id_})")


def _columns(client: Client) -> Iterator[Action]:
    """Output columns of every table, then our own tables with all of theirs."""
    tables = {table["LogicalName"]: table["Attributes"] for table in _tables(client)}
    for table, columns in tables.items():
        if table not in OWN_TABLES:
            yield from _made_by_us(table, columns)
    for table in tables.keys() & OWN_TABLES:
        yield remove(f"table {table}", f"EntityDefinitions(LogicalName='{table}')")


def _made_by_us(table: str, columns: Sequence[Found]) -> Iterator[Action]:
    """The columns that apply made; a base amount comes and goes with its money column."""
    names = {column["LogicalName"] for column in columns}
    for column in columns:
        name = column["LogicalName"]
        is_base = name.endswith("_base") and name.removesuffix("_base") in names
        noted = any(map(is_note, label_texts(column.get("Description")).values()))
        if is_ours(name) and noted and not is_base:
            path = f"EntityDefinitions(LogicalName='{table}')/Attributes(LogicalName='{name}')"
            yield remove(f"column {table}.{name}", path)


def _tables(client: Client) -> list[Found]:
    columns = "$select=LogicalName,Description;$filter=IsCustomAttribute%20eq%20true"
    path = f"EntityDefinitions?$select=LogicalName&$expand=Attributes({columns})"
    return listed(client, path, FRESH)


def _solution(found: Registered, client: Client) -> Iterator[Action]:
    for id_ in found["solutions"]:
        yield remove(f"solution {SOLUTION}", f"solutions({id_})")
    for id_ in found["publishers"]:
        having = rows(client, "solutions", ("uniquename",), f"_publisherid_value eq {id_}")
        # A publisher that meanwhile has other solutions belongs to them.
        if {row["uniquename"] for row in having} <= {SOLUTION, CONTROLS}:
            yield remove(f"publisher {PUBLISHER}", f"publishers({id_})")
