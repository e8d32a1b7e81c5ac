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

PLATFORM_MESSAGES = frozenset(MESSAGES) | frozenset(OTHER_MESSAGES)
IMAGES: Mapping[str, tuple[int, ...]] = {"Create": (1,), "Update": (0, 1, 2), "Delete": (0,)}


def guard_registration(tx: Transaction, change: Change) -> None:
    """Raises ApiError for a registration that cannot be kept."""
    check = CHECKS.get(change.table)
    if check is not None and change.after is not None:
        check(tx, change.after)


def _check_endpoint(tx: Transaction, row: StoredRow) -> None:
    if row["contract"] != WEBHOOK:
        raise Unsupported(f"service endpoints of contract {row['contract']}")
    if row["authtype"] not in AUTHENTICATION:
        raise Unsupported(f"service endpoints of authtype {row['authtype']}")
    is_set = row["authvalue"] is not None
    if row["isauthvalueset"] is not is_set:
        table = tx.org.definitions.tables["serviceendpoint"]
        tx.overwrite(table, row["serviceendpointid"], {"isauthvalueset": is_set})


def _check_step(tx: Transaction, row: StoredRow) -> None:
    if row["eventhandler@type"] != "serviceendpoint":
        raise Unsupported("steps that call no service endpoint")
    if (row["mode"], row["stage"]) != (ASYNCHRONOUS, POST_OPERATION):
        raise Unsupported("steps other than asynchronous ones of stage 40")
    message = _message(tx, row)
    if message in PLATFORM_MESSAGES and message not in DELIVERED:
        raise Unsupported(f"steps on the message {message}")
    if row["filteringattributes"] and message != "Update":
        raise invalid_argument("Filtering attributes are allowed for the message Update only.")


def _check_image(tx: Transaction, row: StoredRow) -> None:
    step_id = row["sdkmessageprocessingstepid"]
    step = tx.existing("sdkmessageprocessingstep", step_id) if step_id else None
    if step is None:
        raise invalid_argument("An image needs a step.")
    message, kind = _message(tx, step), row["imagetype"] or PRE
    if kind not in IMAGES.get(message, ()):
        raise invalid_argument(f"The message {message} has no image of the type {kind}.")


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
