"""All condition operators by the name they have in FetchXML."""

from collections.abc import Mapping, Sequence

from emulator.errors import Unsupported, invalid_argument
from emulator.query.operators.comparing import COMPARING
from emulator.query.operators.dates import DATES
from emulator.query.operators.operand import Operand, Operator
from emulator.query.operators.relatives import RELATIVES
from emulator.query.source import Sql

OPERATORS: Mapping[str, Operator] = {**COMPARING, **DATES, **RELATIVES}
# Documented, and left out: each is refused with 501.
_LEFT_OUT = frozenset(
    {
        "contains",
        "eq-useroruserhierarchyandteams",
        "in-fiscal-period",
        "in-fiscal-period-and-year",
        "in-or-before-fiscal-period-and-year",
        "in-or-after-fiscal-period-and-year",
        "last-x-fiscal-periods",
        "last-x-fiscal-years",
        "next-x-fiscal-periods",
        "next-x-fiscal-years",
    }
)


def condition_sql(operand: Operand, operator: str, values: Sequence[str]) -> Sql:
    """The condition as SQL; 400 for an unknown operator, 501 for one that is left out."""
    if operator in _LEFT_OUT:
        raise Unsupported(f"the condition operator {operator}")
    condition = OPERATORS.get(operator)
    if condition is None:
        raise invalid_argument(f"The condition operator '{operator}' is not valid.")
    return condition(operand, values)
