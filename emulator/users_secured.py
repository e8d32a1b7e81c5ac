"""Secured columns: who lacks a field security profile reads nothing in them and may not write them.

Profiles that users have through teams are not looked at.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from emulator.definitions import Column, Table
from emulator.errors import ApiError
from emulator.users_caller import caller

if TYPE_CHECKING:
    from emulator.organization import Organization

ALLOWED = 4
_GRANTS: Mapping[str, str] = {"read": "canread", "create": "cancreate", "update": "canupdate"}
_REFUSED: Mapping[str, tuple[str, str]] = {
    "create": (
        "0x8004f502",
        "The user does not have create permissions to a secured field. "
        "The requested operation could not be completed.",
    ),
    "update": (
        "0x8004f507",
        "The user doesn't have AttributePrivilegeUpdate and not granted shared access for a "
        "secured attribute during update operation",
    ),
}


def permits_of(org: "Organization", user_id: str) -> frozenset[tuple[str, str, str]]:
    """What a user may do with secured columns: (table, column, right)."""
    links = org.rows("systemuserprofiles", systemuserid=user_id)
    profiles = {link["fieldsecurityprofileid"] for link in links}
    return frozenset(
        (row["entityname"], row["attributelogicalname"], right)
        for profile in profiles
        for row in org.rows("fieldpermission", fieldsecurityprofileid=profile)
        for right, column in _GRANTS.items()
        if row[column] == ALLOWED
    )


def is_hidden(table: Table, column: Column) -> bool:
    """Whether the user reads null in this column, whatever is in it."""
    return column.secured and not _permits(table, column.name, "read")


def refuse_secured(table: Table, names: Iterable[str], right: str) -> None:
    """403 when one of the columns is secured and the user may not do this to it."""
    for name in names:
        column = table.columns.get(name)
        if column is not None and column.secured and not _permits(table, name, right):
            code, message = _REFUSED[right]
            raise ApiError(403, code, message)


def _permits(table: Table, column: str, right: str) -> bool:
    user = caller()
    return user.rights is None or (table.name, column, right) in user.permits
