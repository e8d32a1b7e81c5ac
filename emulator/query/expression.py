"""A QueryExpression of the organisation service in JSON, as BulkDelete gets it: which rows."""

from collections.abc import Mapping
from typing import Any

import msgspec

from emulator.errors import Unsupported, bad_payload
from emulator.query.fetchxml import model as fetchxml
from emulator.query.fetchxml.plan import plan_query, table_named
from emulator.query.functions import operator_of
from emulator.query.read import Reader

_READ = frozenset({"EntityName", "Criteria", "ColumnSet"})
_OPERATORS: Mapping[str, str] = {
    "Equal": "eq",
    "NotEqual": "ne",
    "GreaterThan": "gt",
    "GreaterEqual": "ge",
    "LessThan": "lt",
    "LessEqual": "le",
}


class _Condition(msgspec.Struct, rename="pascal"):
    """ConditionExpression."""

    attribute_name: str
    operator: str
    values: list[Any] = []


class _Filter(msgspec.Struct, rename="pascal"):
    """FilterExpression."""

    conditions: list[_Condition] = []
    filters: list["_Filter"] = []
    filter_operator: str = "And"

    def fetched(self) -> fetchxml.Filter:
        """The same as a filter of FetchXML."""
        conditions = [_condition(item) for item in self.conditions]
        inner = [item.fetched() for item in self.filters]
        return fetchxml.Filter((*conditions, *inner), self.filter_operator == "Or")


class _Query(msgspec.Struct, rename="pascal"):
    """QueryExpression, as far as it says which rows."""

    entity_name: str
    criteria: _Filter | None = None


def chosen_rows(reader: Reader, given: Any) -> tuple[str, list[str]]:
    """The table of a query and the guids of its rows; 501 for joins, orders and paging."""
    query = _read(given)
    table = table_named(reader, query.entity_name)
    filters = () if query.criteria is None else (query.criteria.fetched(),)
    plan = plan_query(reader, reader.source(table), fetchxml.Entity(table.name, filters=filters))
    body = plan.body()
    key = plan.main.sql(table.columns[table.id_column])
    found = reader.connection.execute(f"SELECT {key} {body.text}", body.values)
    return table.name, [str(row_id) for (row_id,) in found]


def _read(given: Any) -> _Query:
    try:
        query = msgspec.convert(given, _Query)
    except msgspec.ValidationError as mistake:
        raise bad_payload("QueryExpression", str(mistake)) from mistake
    for name, value in given.items():
        if name not in _READ and "@" not in name and value:
            raise Unsupported(f"the member {name} of a QueryExpression")
    return query


def _condition(given: _Condition) -> fetchxml.Condition:
    operator = _OPERATORS.get(given.operator) or operator_of(given.operator)
    values = tuple(_value(value) for value in given.values)
    return fetchxml.Condition(given.attribute_name, operator, values)


def _value(given: Any) -> str:
    value = given.get("Value") if isinstance(given, dict) else given
    return str(value).lower() if isinstance(value, bool) else str(value)
