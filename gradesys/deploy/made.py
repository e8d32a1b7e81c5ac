"""The columns that apply made, in whatever table, and whether rows hold anything in them.

They are found by the note in their description: a customer's own column is never among them.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import Action, ActionKind, remove
from gradesys.deploy.names import OWN_TABLES, RUN_TABLE, is_ours
from gradesys.deploy.reading import FRESH, Found, encoded, listed
from gradesys.deploy.specs import is_note
from gradesys.deploy.texts import label_texts

STAYS = "rows hold values in it; --with-data takes it away with them"


class Made(Struct, frozen=True):
    """A column of ours, or with ``column`` empty a whole table of ours."""

    table: str
    entity_set: str
    column: str = ""

    @property
    def label(self) -> str:
        """As in a plan."""
        return f"column {self.table}.{self.column}" if self.column else f"table {self.table}"

    @property
    def address(self) -> str:
        """Where its definition is."""
        table = f"EntityDefinitions(LogicalName='{self.table}')"
        return f"{table}/Attributes(LogicalName='{self.column}')" if self.column else table


def made_by_us(client: Client) -> tuple[Made, ...]:
    """Output columns of every table, then our own tables with all of theirs."""
    tables = _tables(client)
    columns = [
        Made(table["LogicalName"], table["EntitySetName"], name)
        for table in tables
        if table["LogicalName"] not in OWN_TABLES
        for name in _noted(table["Attributes"])
    ]
    own = [
        Made(table["LogicalName"], table["EntitySetName"])
        for table in tables
        if table["LogicalName"] in OWN_TABLES
    ]
    return (*columns, *own)


def removed(client: Client, made: Made, with_data: bool) -> Action:
    """Take it away, or leave it where rows hold something that nobody said may go; how runs went
    is nothing to keep."""
    if not with_data and made.table != RUN_TABLE and holds(client, made):
        return Action(ActionKind.LEAVE, made.label, STAYS)
    return remove(made.label, made.address)


def holds(client: Client, made: Made, value: object = None) -> bool:
    """Whether any row has this value in the column, any value at all by default."""
    query = "?$top=1"
    if made.column:
        where = f"{made.column} " + ("ne null" if value is None else f"eq {value}")
        query = f"?$select={made.column}&$filter={encoded(where)}&$top=1"
    return bool(client.request("GET", f"{made.entity_set}{query}").json()["value"])


def _noted(columns: list[Found]) -> Iterator[str]:
    """A base amount comes and goes with its money column."""
    names = {column["LogicalName"] for column in columns}
    for column in columns:
        name = str(column["LogicalName"])
        is_base = name.endswith("_base") and name.removesuffix("_base") in names
        noted = any(map(is_note, label_texts(column.get("Description")).values()))
        if is_ours(name) and noted and not is_base:
            yield name


def _tables(client: Client) -> list[Found]:
    columns = "$select=LogicalName,Description;$filter=IsCustomAttribute%20eq%20true"
    path = f"EntityDefinitions?$select=LogicalName,EntitySetName&$expand=Attributes({columns})"
    return listed(client, path, FRESH)
