"""A QueryExpression of the organisation service in JSON, as BulkDelete gets it: which rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.errors import Unsupported, bad_payload
from emulator.query.fetchxml.model import Condition, Entity, Filter
from emulator.query.fetchxml.plan import plan_query, table_named
from emulator.query.functions import operator_of
from emulator.query.read import Reader

_NAME = "QueryExpression"
_READ = frozenset({"EntityName", "Criteria", "ColumnSet"})
_OPERATORS: Mapping[str, str] = {
    "Equal": "eq",
    "NotEqual": "ne",
    "GreaterThan": "gt",
    "GreaterEqual": "ge",
    "LessThan": "lt",
    "LessEqual": "le",
}


def chosen_rows(reader: Reader, query: Any) -> tuple[str, list[str]]:
    """The table of a query and the guids of its rows; 501 for joins, orders and paging."""
    members = _members(query, _NAME)
    for name, value in members.items():
        if name not in _READ and value:
            raise Unsupported(f"the member {name} of a {_NAME}")
    table = table_named(reader, str(members.get("EntityName", "")))
    filters = tuple(_filters(members.get("Criteria")))
    plan = plan_query(reader, reader.source(table), Entity(table.name, filters=filters))
    body = plan.body()
    key = plan.main.sql(table.columns[table.id_column])
    found = reader.connection.execute(f"SELECT {key} {body.text}", body.values)
    return table.name, [str(row_id) for (row_id,) in found]


def _filters(criteria: Any) -> Iterator[Filter]:
    if criteria is not None:
        yield _filter(criteria)


def _filter(given: Any) -> Filter:
    members = _members(given, "FilterExpression")
    conditions = [_condition(item) for item in members.get("Conditions") or ()]
    inner = [_filter(item) for item in members.get("Filters") or ()]
    return Filter((*conditions, *inner), members.get("FilterOperator", "And") == "Or")


def _condition(given: Any) -> Condition:
    members = _members(given, "ConditionExpression")
    operator = str(members.get("Operator", ""))
    return Condition(
        attribute=str(members.get("AttributeName", "")),
        operator=_OPERATORS.get(operator) or operator_of(operator),
        values=tuple(_value(value) for value in members.get("Values") or ()),
    )


def _value(given: Any) -> str:
    value = given.get("Value") if isinstance(given, dict) else given
    return str(value).lower() if isinstance(value, bool) else str(value)


def _members(given: Any, kind: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise bad_payload(kind, f"A {kind} must be an object.")
    return {name: value for name, value in given.items() if "@" not in name}
