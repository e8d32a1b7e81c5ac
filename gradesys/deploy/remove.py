"""Takes away everything that apply ever made, whatever the rules say by now.

Rows are found by endpoint and unique name; columns by their place in the solution, or by the note
that apply left in their description when somebody deleted the solution.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import Action, remove
from gradesys.deploy.columns import MADE_BY
from gradesys.deploy.inventory import Registered, read_registered
from gradesys.deploy.names import PUBLISHER, RUN_TABLE, SOLUTION, is_ours
from gradesys.deploy.reading import FRESH, Found, any_of, listed, rows
from gradesys.deploy.texts import label_texts

_COLUMN = 2
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
    return (*_rows(found), *_columns(found, client), *_solution(found, client))


def _rows(found: Registered) -> Iterator[Action]:
    for entity_set, what in _IN_ORDER:
        for id_, row in found[entity_set].items():
            yield remove(f"{what} {row['name']}", f"{entity_set}({id_})")


def _columns(found: Registered, client: Client) -> Iterator[Action]:
    """Output columns of every table, then our own table with all of its columns."""
    components = _components(found, client)
    own_table = False
    for table in _tables(client):
        name = table["LogicalName"]
        own_table = own_table or name == RUN_TABLE
        if name != RUN_TABLE:
            yield from _made_by_us(name, table["Attributes"], components)
    if own_table:
        yield remove(f"table {RUN_TABLE}", f"EntityDefinitions(LogicalName='{RUN_TABLE}')")


def _made_by_us(
    table: str, columns: Sequence[Found], components: frozenset[str]
) -> Iterator[Action]:
    """The columns that apply made; a base amount comes and goes with its money column."""
    names = {column["LogicalName"] for column in columns}
    for column in columns:
        name = column["LogicalName"]
        is_base = name.endswith("_base") and name.removesuffix("_base") in names
        notes = label_texts(column.get("Description")).values()
        noted = column["MetadataId"] in components or any(MADE_BY in note for note in notes)
        if is_ours(name) and noted and not is_base:
            path = f"EntityDefinitions(LogicalName='{table}')/Attributes(LogicalName='{name}')"
            yield remove(f"column {table}.{name}", path)


def _tables(client: Client) -> list[Found]:
    columns = "$select=LogicalName,MetadataId,Description;$filter=IsCustomAttribute%20eq%20true"
    path = f"EntityDefinitions?$select=LogicalName&$expand=Attributes({columns})"
    return listed(client, path, FRESH)


def _components(found: Registered, client: Client) -> frozenset[str]:
    where = any_of("_solutionid_value", found["solutions"])
    named = rows(client, "solutioncomponents", ("objectid", "componenttype"), where)
    return frozenset(row["objectid"] for row in named if row["componenttype"] == _COLUMN)


def _solution(found: Registered, client: Client) -> Iterator[Action]:
    for id_ in found["solutions"]:
        yield remove(f"solution {SOLUTION}", f"solutions({id_})")
    for id_ in found["publishers"]:
        others = rows(client, "solutions", ("solutionid",), f"_publisherid_value eq {id_}")
        # A publisher that meanwhile has other solutions belongs to them.
        if all(row["solutionid"] in found["solutions"] for row in others):
            yield remove(f"publisher {PUBLISHER}", f"publishers({id_})")
