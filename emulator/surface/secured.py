"""Refusals while a permission of a field security profile is being stored."""

from emulator.changes import Change
from emulator.errors import ApiError, invalid_argument
from emulator.rows.transaction import Transaction
from emulator.users_secured import ALLOWED

PERMISSION = "fieldpermission"


def guard_permissions(tx: Transaction, change: Change) -> None:
    """A permission is of one secured column in one profile."""
    row = change.after
    if change.table != PERMISSION or row is None:
        return
    if row["fieldsecurityprofileid"] is None:
        raise invalid_argument("A field permission needs its field security profile.")
    if any(row[name] not in (None, 0, ALLOWED) for name in ("canread", "cancreate", "canupdate")):
        raise invalid_argument(f"A field permission is 0 or {ALLOWED}.")
    table = tx.org.definitions.tables.get(row["entityname"])
    column = table.columns.get(row["attributelogicalname"]) if table else None
    if column is None or not column.secured:
        message = (
            "One or more fields are not enabled for field level security. Field level security "
            "is not enabled until you publish the customizations."
        )
        raise ApiError(400, "0x8004f508", message)
    named = ("fieldsecurityprofileid", "entityname", "attributelogicalname")
    if len(tx.org.rows(PERMISSION, **{name: row[name] for name in named})) > 1:
        raise ApiError(412, "0x80040237", "The profile has a permission of this column already.")
