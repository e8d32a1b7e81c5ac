"""``RetrieveMetadataChanges``: chosen members of chosen definitions in one answer.

Only whole reads: what has changed since a stamp of the client is not kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from emulator.errors import Unsupported, bad_query
from emulator.webapi import described
from emulator.webapi.arguments import read_arguments
from emulator.webapi.calls import Answer, Call

Item = dict[str, Any]
_ALWAYS = frozenset({"@odata.type", "LogicalName", "SchemaName", "MetadataId"})
_PARTS: Mapping[str, str] = {
    "Attributes": "AttributeQuery",
    "Keys": "KeyQuery",
    "ManyToManyRelationships": "RelationshipQuery",
    "ManyToOneRelationships": "RelationshipQuery",
    "OneToManyRelationships": "RelationshipQuery",
}
_MEMBERS = frozenset({"Criteria", "Properties", *_PARTS.values()})


def retrieve_metadata_changes(call: Call) -> Answer:
    """The tables that satisfy an EntityQueryExpression, each with what it asks for."""
    query = read_arguments(call, "Query")["Query"]
    _check(query, _MEMBERS)
    tables = call.org.definitions.tables.values()
    found = (described.entity(call.org.definitions, table) for table in tables)
    rows = [_shown(item, query, query) for item in found if _holds(item, query.get("Criteria"))]
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse"
    stamp = str(call.org.metadata_version)
    return Answer(
        200, {"@odata.context": context, "ServerVersionStamp": stamp, "EntityMetadata": rows}
    )


def _shown(item: Item, query: Item, whole: Item) -> Item:
    """The members a query names, in parts by queries of their own."""
    hidden = item.get("@hidden", {})
    properties = query.get("Properties") or {}
    names = set(properties.get("PropertyNames") or ())
    if properties.get("AllProperties"):
        names |= item.keys() | hidden.keys()
    kept = {
        name: value
        for name, value in item.items()
        if name != "@hidden" and (name in names or name in _ALWAYS)
    }
    for name in hidden.keys() & names:
        kept[name] = _part(hidden[name](), whole.get(_PARTS.get(name, "")), whole)
    return kept


def _part(value: Any, query: Item | None, whole: Item) -> Any:
    if not isinstance(value, list):
        return value and {name: member for name, member in value.items() if name != "@hidden"}
    asked: Item = {"Properties": {"AllProperties": True}} if query is None else query
    _check(asked, _MEMBERS)
    return [_shown(item, asked, whole) for item in value if _holds(item, asked.get("Criteria"))]


def _check(query: Any, known: frozenset[str]) -> None:
    if not isinstance(query, dict):
        raise bad_query("The Query must be an object.")
    for name, value in query.items():
        if name not in known and "@" not in name and value is not None:
            raise Unsupported(f"the member {name} of a metadata query")


def _holds(item: Item, criteria: Item | None) -> bool:
    if not criteria:
        return True
    results = [_satisfies(item, condition) for condition in criteria.get("Conditions") or ()]
    results += [_holds(item, inner) for inner in criteria.get("Filters") or ()]
    return any(results) if criteria.get("FilterOperator") == "Or" else all(results)


def _satisfies(item: Item, condition: Item) -> bool:
    name, operator = condition.get("PropertyName"), condition.get("ConditionOperator")
    compare = _COMPARE.get(str(operator))
    if compare is None:
        raise Unsupported(f"the condition operator {operator} on metadata")
    if name not in item:
        return False
    found = item[name]
    found = found["Value"] if isinstance(found, dict) and "Value" in found else found
    return compare(found, _wanted(condition.get("Value")))


def _wanted(given: Any) -> Any:
    """The value of ``{"Type", "Value"}``; texts of booleans and lists are read."""
    value = given.get("Value") if isinstance(given, dict) else given
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, str) and value.startswith("["):
        return msgspec.json.decode(value.replace("'", '"'))
    return value


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda found, wanted: bool(found == wanted),
    "NotEquals": lambda found, wanted: bool(found != wanted),
    "In": lambda found, wanted: found in wanted,
    "NotIn": lambda found, wanted: found not in wanted,
}
