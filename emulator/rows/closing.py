"""Closing opportunities, quotes, orders and cases by the actions that exist for it.

Only the action's own message is raised. Whether the service also raises Update is not documented,
so nobody who listens here may count on it. The activity of the closing is not kept.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from emulator.changes import Change
from emulator.errors import ApiError
from emulator.rows.stamps import stamp_change
from emulator.rows.states import CLOSED

if TYPE_CHECKING:
    from emulator.rows.transaction import Transaction

ANY_STATUS = -1


class Closing(Struct, frozen=True):
    """What an action does: its message, the table, the new state, the name of its activity."""

    message: str
    table: str
    state: int
    activity: str


CLOSINGS: Mapping[str, Closing] = {
    "WinOpportunity": Closing("Win", "opportunity", 1, "OpportunityClose"),
    "LoseOpportunity": Closing("Lose", "opportunity", 2, "OpportunityClose"),
    "WinQuote": Closing("Win", "quote", 2, "QuoteClose"),
    "CloseQuote": Closing("Close", "quote", 3, "QuoteClose"),
    "CloseIncident": Closing("Close", "incident", 1, "IncidentResolution"),
    "FulfillSalesOrder": Closing("Fulfill", "salesorder", 3, "OrderClose"),
    "CancelSalesOrder": Closing("Cancel", "salesorder", 2, "OrderClose"),
}
CLOSING_MESSAGES = frozenset(closing.message for closing in CLOSINGS.values())


def close_row(
    tx: "Transaction", closing: Closing, row_id: str, status: int, values: Mapping[str, Any]
) -> None:
    """Close a row with a status (``ANY_STATUS``: the state's own); 400 when it is closed."""
    table = tx.org.definitions.tables[closing.table]
    before = tx.existing(table.name, row_id)
    if before["statecode"] in CLOSED[table.name]:
        raise ApiError(400, "0x80048d00", f"The {table.name} is closed already.")
    stamped = stamp_change(tx, table, before, {**values, **_state(closing, status)})
    tx.overwrite(table, row_id, stamped)
    after = tx.existing(table.name, row_id)
    parameters = {"Activity": closing.activity, "Status": after["statuscode"]}
    tx.announce(Change(closing.message, table.name, row_id, before, after, (), parameters))


def messages_of(table: str) -> list[str]:
    """The closing messages that a table has."""
    found = [closing.message for closing in CLOSINGS.values() if closing.table == table]
    return list(dict.fromkeys(found))


def _state(closing: Closing, status: int) -> dict[str, Any]:
    state: dict[str, Any] = {"statecode": closing.state}
    return state if status == ANY_STATUS else {**state, "statuscode": status}
