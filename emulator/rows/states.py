"""Status and status reason: defaults, the pairs that go together, and closed rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from emulator.definitions import Column, Option, Table
from emulator.errors import ApiError

if TYPE_CHECKING:
    from emulator.organization import Organization

# The states in which Dataverse keeps a row read-only (dataverse.md 3.8).
CLOSED = {
    "invoice": (1, 2, 3),
    "opportunity": (1, 2),
    "incident": (1, 2),
    "quote": (2, 3),
    "salesorder": (2, 3, 4),
}


def settle_state(table: Table, before: Mapping[str, Any] | None, values: dict[str, Any]) -> None:
    """Complete ``statecode`` and ``statuscode`` in the values; 400 when they do not match.

    A state alone takes its default status, a new row the default state.
    """
    status = table.columns.get("statuscode")
    if status is None or status.choice is None or "statecode" not in table.columns:
        return
    if before is None and values.get("statecode") is None:
        values["statecode"] = _state_of_new_row(table, status, values)
    if "statecode" not in values and "statuscode" not in values:
        return
    state = values["statecode"] if "statecode" in values else (before or {}).get("statecode")
    if values.get("statuscode") is None:
        values["statuscode"] = default_status(table, state)
    _check_pair(table, status.choice.options, state, values["statuscode"])


def default_status(table: Table, state: int | None) -> int | None:
    """The status reason a state has when none is given."""
    states = table.columns["statecode"].choice
    option = states.option(state) if states and state is not None else None
    return option.default_status if option else None


def refuse_closed(
    org: "Organization",
    table: Table,
    before: Mapping[str, Any],
    values: Mapping[str, Any] | None,
) -> None:
    """With ``strict_closed``: a closed row can only be reopened (``values`` None = delete)."""
    if not org.strict_closed or before.get("statecode") not in CLOSED.get(table.name, ()):
        return
    if values is not None and values.keys() <= {"statecode", "statuscode", table.id_column}:
        return
    message = f"Cannot perform the action because the {table.name} is closed and read-only."
    raise ApiError(400, "0x80048d00", message)


def _state_of_new_row(table: Table, status: Column, values: Mapping[str, Any]) -> int:
    options = status.choice.options if status.choice else ()
    given = [option.state for option in options if option.value == values.get("statuscode")]
    if given and given[0] is not None:
        return given[0]
    state = table.columns["statecode"]
    return state.default if state.default is not None else 0


def _check_pair(
    table: Table, options: tuple[Option, ...], state: int | None, status: int | None
) -> None:
    if any(option.value == status and option.state == state for option in options):
        return
    message = (
        f"{status} is not a valid status code for state code "
        f"{table.schema_name}State.{state} on {table.name}."
    )
    raise ApiError(400, "0x80048408", message)
