"""Tables, columns and choices as the organisation defines them, by one batch.

Common members come with the definitions, the others by one cast for each type of column
(dataverse.md section 5.1).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from gradesys.dataverse.answers import PartResponse
from gradesys.dataverse.attributes import CASTS, column_from
from gradesys.dataverse.batch import Part
from gradesys.dataverse.client import Client
from gradesys.dataverse.odata import NAME
from gradesys.dataverse.sending import send_all
from gradesys.errors import MissingMetadata, MissingPrivilege
from gradesys.records import ACTIVITY, ManyToMany, Schema, Table

_DEFINITION = "LogicalName,EntitySetName,PrimaryIdAttribute"
_ATTRIBUTES = "LogicalName,AttributeType,AttributeOf,IsValidForRead,SourceType"
_MANY = (
    "SchemaName,IntersectEntityName,Entity1LogicalName,Entity1IntersectAttribute"
    ",Entity2LogicalName,Entity2IntersectAttribute"
)
_ACTIVITIES = Part("GET", "EntityDefinitions?$select=LogicalName&$filter=IsActivity%20eq%20true")
_RELATIONSHIPS = "ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName"


def load_schema(client: Client, tables: Iterable[str]) -> Schema:
    """The given tables. Raises ``MissingMetadata`` naming every one that is not there."""
    names = sorted(set(tables))
    impossible = [name for name in names if not NAME.fullmatch(name)]
    if impossible:
        raise MissingMetadata(f"these are no table names: {', '.join(impossible)}")
    if not names:
        return {}
    parts = [_definitions(names), _bulk_updates(names)]
    parts += [_cast(name, cast) for name in names for cast in CASTS]
    parts += [_ACTIVITIES for name in names if name == ACTIVITY]
    definitions, bulk, *casts = send_all(client, parts)
    found = {str(row["LogicalName"]): row for row in _rows(definitions)}
    missing = [name for name in names if name not in found]
    if missing:
        raise MissingMetadata(f"the organisation has no table {', '.join(missing)}")
    offered = _offered(bulk)
    per_table = len(CASTS)
    schema = {
        name: _table(found[name], casts[i * per_table : (i + 1) * per_table], name in offered)
        for i, name in enumerate(names)
    }
    if ACTIVITY in schema:
        schema[ACTIVITY] = replace(schema[ACTIVITY], activities=_activities(casts[-1]))
    return schema


def _activities(answer: PartResponse) -> tuple[str, ...]:
    names = {str(row["LogicalName"]) for row in _rows(answer)}
    return tuple(sorted(names - {ACTIVITY}))


class MetadataCache:
    """The schema of one process: each table is asked for once, until it is dropped."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._known: dict[str, Table] = {}

    def schema(self, tables: Iterable[str]) -> Schema:
        """The given tables, loaded where not yet known. Raises like ``load_schema``."""
        wanted = set(tables)
        with self._lock:
            self._known |= load_schema(self._client, wanted - self._known.keys())
            return {name: self._known[name] for name in sorted(wanted)}

    def drop(self) -> None:
        """Forget everything: an administrator changed the organisation."""
        with self._lock:
            self._known.clear()


def _definitions(names: Sequence[str]) -> Part:
    return Part(
        "GET",
        f"EntityDefinitions?$select={_DEFINITION}&$filter={_any('LogicalName', names)}"
        f"&$expand=Attributes($select={_ATTRIBUTES})"
        f",ManyToOneRelationships($select={_RELATIONSHIPS})"
        f",ManyToManyRelationships($select={_MANY})",
    )


def _bulk_updates(names: Sequence[str]) -> Part:
    of_tables = _any("primaryobjecttypecode", names)
    condition = f"sdkmessageid/name%20eq%20'UpdateMultiple'%20and%20({of_tables})"
    return Part("GET", f"sdkmessagefilters?$select=primaryobjecttypecode&$filter={condition}")


def _cast(name: str, cast: str) -> Part:
    attributes = f"EntityDefinitions(LogicalName='{name}')/Attributes"
    return Part(
        "GET", f"{attributes}/Microsoft.Dynamics.CRM.{cast}AttributeMetadata?$select={CASTS[cast]}"
    )


def _any(name: str, values: Sequence[str]) -> str:
    return "%20or%20".join(f"{name}%20eq%20'{value}'" for value in values)


def _offered(answer: PartResponse) -> frozenset[str]:
    # Without leave to read the list, rows are updated one by one: slower, and right.
    if isinstance(answer.error(), MissingPrivilege):
        return frozenset()
    return frozenset(str(row["primaryobjecttypecode"]) for row in _rows(answer))


def _rows(answer: PartResponse) -> list[Mapping[str, Any]]:
    error = answer.error()
    if error is not None:
        raise error
    rows: list[Mapping[str, Any]] = answer.json()["value"]
    return rows


def _table(definition: Mapping[str, Any], casts: Sequence[PartResponse], bulk: bool) -> Table:
    attributes = {
        str(attribute["LogicalName"]): dict(attribute)
        for attribute in definition["Attributes"]
        if attribute.get("IsValidForRead") is not False
    }
    for typed in (row for answer in casts for row in _rows(answer)):
        if typed["LogicalName"] in attributes:
            attributes[typed["LogicalName"]] |= typed
    return Table(
        name=str(definition["LogicalName"]),
        entity_set=str(definition["EntitySetName"]),
        id_column=str(definition["PrimaryIdAttribute"]),
        columns={name: column_from(attribute) for name, attribute in attributes.items()},
        navigations={
            (
                str(relation["ReferencingAttribute"]),
                str(relation["ReferencedEntity"]),
            ): str(relation["ReferencingEntityNavigationPropertyName"])
            for relation in definition["ManyToOneRelationships"]
        },
        many=tuple(map(_many, definition["ManyToManyRelationships"])),
        bulk_update=bulk,
    )


def _many(relation: Mapping[str, Any]) -> ManyToMany:
    first, second = (
        (str(relation[f"Entity{end}LogicalName"]), str(relation[f"Entity{end}IntersectAttribute"]))
        for end in (1, 2)
    )
    name = str(relation["SchemaName"]).lower()
    return ManyToMany(name, str(relation["IntersectEntityName"]), (first, second))
