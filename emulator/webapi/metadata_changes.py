"""``RetrieveMetadataChanges``: chosen members of chosen definitions in one answer.

Only whole reads: what has changed since a stamp of the client is not kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from emulator.customization.bodies import Shape, read
from emulator.errors import Unsupported, bad_query
from emulator.webapi import described
from emulator.webapi.arguments import read_arguments
from emulator.webapi.calls import Answer, Call

Item = dict[str, Any]
_ALWAYS = frozenset({"@odata.type", "LogicalName", "SchemaName", "MetadataId"})


class ConditionBody(Shape):
    """A member compared with a value: ``{"Type": ..., "Value": ...}`` or the value itself."""

    property_name: str
    condition_operator: str
    value: Any = None


class CriteriaBody(Shape):
    """Conditions and criteria of which all, or one (``Or``) must hold."""

    conditions: list[ConditionBody] | None = None
    filters: list["CriteriaBody"] | None = None
    filter_operator: str = "And"


class PropertiesBody(Shape):
    """Which members are shown."""

    property_names: list[str] | None = None
    all_properties: bool = False


class PartBody(Shape):
    """What is shown of a part of tables: columns, keys or relationships."""

    criteria: CriteriaBody | None = None
    properties: PropertiesBody | None = None


class QueryBody(PartBody):
    """An EntityQueryExpression."""

    attribute_query: PartBody | None = None
    key_query: PartBody | None = None
    relationship_query: PartBody | None = None

    def part(self, name: str) -> PartBody:
        """The query for a collection of a table; without one everything is shown."""
        asked = {"Attributes": self.attribute_query, "Keys": self.key_query}
        found = asked.get(name, self.relationship_query)
        return found or PartBody(properties=PropertiesBody(all_properties=True))


def retrieve_metadata_changes(call: Call) -> Answer:
    """The tables that satisfy an EntityQueryExpression, each with what it asks for."""
    given = read_arguments(call, "Query")["Query"]
    query = read(given, QueryBody, "EntityQueryExpression")
    tables = call.org.definitions.tables.values()
    found = (described.entity(call.org.definitions, table) for table in tables)
    rows = [_shown(item, query, query) for item in found if _holds(item, query.criteria)]
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse"
    stamp = str(call.org.metadata_version)
    return Answer(
        200, {"@odata.context": context, "ServerVersionStamp": stamp, "EntityMetadata": rows}
    )


def _shown(item: Item, query: PartBody, whole: QueryBody) -> Item:
    """The members a query names, in parts by queries of their own."""
    hidden = item.get("@hidden", {})
    properties = query.properties or PropertiesBody()
    names = set(properties.property_names or ())
    if properties.all_properties:
        names |= item.keys() | hidden.keys()
    kept = {
        name: value
        for name, value in item.items()
        if name != "@hidden" and (name in names or name in _ALWAYS)
    }
    for name in hidden.keys() & names:
        kept[name] = _part(hidden[name](), whole.part(name), whole)
    return kept


def _part(value: Any, query: PartBody, whole: QueryBody) -> Any:
    if not isinstance(value, list):
        return value and {name: member for name, member in value.items() if name != "@hidden"}
    return [_shown(item, query, whole) for item in value if _holds(item, query.criteria)]


def _holds(item: Item, criteria: CriteriaBody | None) -> bool:
    if criteria is None:
        return True
    results = [_satisfies(item, condition) for condition in criteria.conditions or ()]
    results += [_holds(item, inner) for inner in criteria.filters or ()]
    return any(results) if criteria.filter_operator == "Or" else all(results)


def _satisfies(item: Item, condition: ConditionBody) -> bool:
    compare = _COMPARE.get(condition.condition_operator)
    if compare is None:
        raise Unsupported(f"the condition operator {condition.condition_operator} on metadata")
    if condition.property_name not in item:
        return False
    found = item[condition.property_name]
    found = found["Value"] if isinstance(found, dict) and "Value" in found else found
    return compare(found, _wanted(condition.value))


def _wanted(given: Any) -> Any:
    """The value of ``{"Type", "Value"}``; texts of booleans and lists are read."""
    value = given.get("Value") if isinstance(given, dict) else given
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, str) or not value.startswith("["):
        return value
    try:
        return msgspec.json.decode(value.replace("'", '"'))
    except msgspec.DecodeError as error:
        raise bad_query(f"'{value}' is no list of values.") from error


def _is_among(found: Any, wanted: Any) -> bool:
    if not isinstance(wanted, list):
        raise bad_query("The value of In and NotIn is a list.")
    return found in wanted


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda found, wanted: bool(found == wanted),
    "NotEquals": lambda found, wanted: bool(found != wanted),
    "In": _is_among,
    "NotIn": lambda found, wanted: not _is_among(found, wanted),
}
