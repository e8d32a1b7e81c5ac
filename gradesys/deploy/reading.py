"""Reading rows and definitions through the Web API; deploy looks before it writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from gradesys.dataverse.attributes import CASTS, column_from
from gradesys.dataverse.client import Client
from gradesys.errors import PermanentError
from gradesys.records import Kind

Found = Mapping[str, Any]
"""A row or a definition as it came, numbers as Decimal."""
RowsById = Mapping[str, Found]
Registered = Mapping[str, RowsById]
"""Our rows by entity set: found by unique name, by endpoint id, by what they belong to."""
FRESH = {"Consistency": "Strong"}
"""Metadata is cached by the server; a plan must see what the last apply did."""
_NO_SUCH_SET = 404
_CAST = "Microsoft.Dynamics.CRM."


def rows(client: Client, entity_set: str, columns: Iterable[str], where: str | None) -> list[Found]:
    """All rows of a set for which ``where`` ($filter text, not encoded) holds; None: no row."""
    if where is None:
        return []
    path = f"{entity_set}?$select={','.join(columns)}&$filter={encoded(where)}"
    return listed(client, path, {})


def offered_rows(
    client: Client, entity_set: str, columns: Iterable[str], where: str | None
) -> list[Found] | None:
    """The same of a set that not every organisation has; None where it is missing."""
    try:
        return rows(client, entity_set, columns, where)
    except PermanentError as error:
        if error.answer.status != _NO_SUCH_SET:
            raise
        return None


def listed(client: Client, path: str, headers: Mapping[str, str]) -> list[Found]:
    """The members of a collection, all pages of it."""
    found: list[Found] = []
    link: str | None = path
    while link:
        page = client.request("GET", link, headers=headers).json()
        found.extend(page["value"])
        link = page.get("@odata.nextLink")
    return found


def known_tables(client: Client, names: Iterable[str]) -> dict[str, Found]:
    """Those of the named tables that exist, with their ids and numbers."""
    where = " or ".join(f"LogicalName eq '{name}'" for name in sorted(set(names)))
    columns = ",".join(("LogicalName", "EntitySetName", "MetadataId", "ObjectTypeCode",
                        "PrimaryIdAttribute", "PrimaryNameAttribute"))  # fmt: skip
    path = f"EntityDefinitions?$select={columns}&$filter={encoded(where)}"
    return {row["LogicalName"]: row for row in listed(client, path, FRESH)}


def column_definitions(client: Client, table: str, names: Iterable[str]) -> dict[str, Found]:
    """The whole definitions of those of the named columns that exist, options included."""
    path = f"EntityDefinitions(LogicalName='{table}')/Attributes"
    wanted = frozenset(names)
    kinds = listed(client, f"{path}?$select=LogicalName,AttributeType", FRESH)
    return {
        row["LogicalName"]: _definition(client, path, row)
        for row in kinds
        if row["LogicalName"] in wanted
    }


def kind_of(definition: Found) -> Kind:
    """What a column holds, from its definition."""
    return column_from(definition).kind


def any_of(column: str, literals: Iterable[str]) -> str | None:
    """$filter text: the column equals one of the literals; None without any."""
    return " or ".join(f"{column} eq {literal}" for literal in literals) or None


def encoded(where: str) -> str:
    """$filter text as a part of a URL."""
    return quote(where, safe="(),='/")


def _definition(client: Client, path: str, row: Found) -> Found:
    kind = row["AttributeType"]
    if kind not in CASTS:
        return row
    options = "?$expand=OptionSet,GlobalOptionSet" if kind == "Picklist" else ""
    address = f"{path}(LogicalName='{row['LogicalName']}')/{_CAST}{kind}AttributeMetadata"
    found: Found = client.request("GET", address + options, headers=FRESH).json()
    return {"AttributeType": kind, **found, "@odata.type": f"{_CAST}{kind}AttributeMetadata"}
