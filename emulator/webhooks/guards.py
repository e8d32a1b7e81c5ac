"""Refusals while a step, an image or an endpoint is being registered.

Called for every change before its transaction commits (`org.guards`), so that what this
emulator would silently not do is answered 501, and what Dataverse refuses is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.changes import Change, StoredRow
from emulator.errors import Unsupported, invalid_argument
from emulator.rows.transaction import Transaction
from emulator.webhooks.messages import DELIVERED, MESSAGES, OTHER_MESSAGES
from emulator.webhooks.registry import ASYNCHRONOUS, POST_OPERATION, WEBHOOK
from emulator.webhooks.request import AUTHENTICATION
from emulator.webhooks.steps import PRE

ASYNCHRONOUS_STEPS = (1, 2)
PLATFORM_MESSAGES = frozenset(MESSAGES) | frozenset(OTHER_MESSAGES)
IMAGES: Mapping[str, tuple[int, ...]] = {
    "Create": (1,),
    "Update": (0, 1, 2),
    "Delete": (0,),
    "Merge": (0, 1, 2),
}
IMAGE_OF: Mapping[str, tuple[str, ...]] = {"Create": ("Id", "Target")}
"""The parameter that an image shows; `Target` for every other message."""
ENDPOINT_VALUES: Mapping[str, tuple[int | None, ...]] = {
    "contract": (WEBHOOK,),
    "authtype": tuple(AUTHENTICATION),
    "messageformat": (None, 2),
    "connectionmode": (None, 1),
    "userclaim": (None, 1),
}
STEP_VALUES: Mapping[str, tuple[int | str | None, ...]] = {
    "eventhandler@type": ("serviceendpoint",),
    "mode": (ASYNCHRONOUS,),
    "stage": (POST_OPERATION,),
    "invocationsource": (None, 0),
    "supporteddeployment": (None, 0),
    "impersonatinguserid": (None,),
    "configuration": (None,),
}
"""The values that are implemented; any other is 501."""


def guard_registration(tx: Transaction, change: Change) -> None:
    """Raises ApiError for a registration that cannot be kept."""
    check = CHECKS.get(change.table)
    if check is not None and change.after is not None:
        check(tx, change.after)


def _check_endpoint(tx: Transaction, row: StoredRow) -> None:
    _refuse_others(row, "service endpoints", ENDPOINT_VALUES)
    is_set = row["authvalue"] is not None
    if row["isauthvalueset"] is not is_set:
        table = tx.org.definitions.tables["serviceendpoint"]
        tx.overwrite(table, row["serviceendpointid"], {"isauthvalueset": is_set})


def _check_step(tx: Transaction, row: StoredRow) -> None:
    _refuse_others(row, "steps", STEP_VALUES)
    message = _message(tx, row)
    if message in PLATFORM_MESSAGES and message not in DELIVERED:
        raise Unsupported(f"steps on the message {message}")
    if row["filteringattributes"] and message != "Update":
        raise invalid_argument("Filtering attributes are allowed for the message Update only.")
    for api in tx.org.rows("customapi", uniquename=message):
        if api["allowedcustomprocessingsteptype"] not in ASYNCHRONOUS_STEPS:
            raise invalid_argument(f"The Custom API {message} allows no asynchronous steps.")


def _check_image(tx: Transaction, row: StoredRow) -> None:
    step_id = row["sdkmessageprocessingstepid"]
    step = tx.existing("sdkmessageprocessingstep", step_id) if step_id else None
    if step is None:
        raise invalid_argument("An image needs a step.")
    message, kind = _message(tx, step), row["imagetype"] or PRE
    if (message, row["messagepropertyname"]) == ("Merge", "SubordinateId"):
        raise Unsupported("images of the subordinate of a Merge")
    if kind not in IMAGES.get(message, ()):
        raise invalid_argument(f"The message {message} has no image of the type {kind}.")
    if row["messagepropertyname"] not in IMAGE_OF.get(message, ("Target",)):
        raise invalid_argument(
            f"The message property {row['messagepropertyname']} of {message} has no image."
        )
    if not row["entityalias"]:
        raise invalid_argument("An image needs an alias.")


def _refuse_others(
    row: StoredRow, what: str, implemented: Mapping[str, tuple[int | str | None, ...]]
) -> None:
    for column, values in implemented.items():
        if row[column] not in values:
            raise Unsupported(f"{what} with {column} {row[column]}")


def _message(tx: Transaction, step: Mapping[str, Any]) -> str:
    found = tx.row("sdkmessage", step["sdkmessageid"]) if step["sdkmessageid"] else None
    if found is None:
        raise invalid_argument("A step needs a message.")
    return str(found["name"])


CHECKS: Mapping[str, Callable[[Transaction, StoredRow], None]] = {
    "serviceendpoint": _check_endpoint,
    "sdkmessageprocessingstep": _check_step,
    "sdkmessageprocessingstepimage": _check_image,
}
