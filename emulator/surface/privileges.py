"""Privileges: roles hold them; AddPrivilegesRole gives, RemovePrivilegeRole takes them away.

Roles made by the Web API hold them through `roleprivileges_association`; what a role of the
`--users` file allows is in the file.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from emulator.changes import Change
from emulator.customization.bodies import Shape, read
from emulator.definitions import Table
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.organization import Organization
from emulator.rows.links import link, unlink
from emulator.rows.payload import parse_guid
from emulator.rows.transaction import Transaction
from emulator.surface.standing import PRIVILEGE, names_of
from emulator.users_caller import kind_of_table, privilege_id, require
from emulator.webapi.calls import Answer, Call

ROLE, LINKS = "role", "roleprivileges_association"
DEPTHS = ("Basic", "Local", "Deep", "Global")
GIVEN_TO_EVERY_ROLE = (
    "prvReadSdkMessage", "prvReadSdkMessageProcessingStep", "prvReadSdkMessageProcessingStepImage",
)  # fmt: skip
"""A new role has privileges that nobody asked for; some of them."""


class RolePrivilege(Shape):
    """One privilege to add; the business unit is the role's own."""

    privilege_id: str
    depth: str
    business_unit_id: str | None = None


class PrivilegesBody(Shape):
    """`AddPrivilegesRole`."""

    privileges: list[RolePrivilege]


class PrivilegeReference(Shape):
    """A privilege named by its key."""

    privilege_id: str = msgspec.field(name="privilegeid")


class PrivilegeBody(Shape):
    """`RemovePrivilegeRole`."""

    privilege: PrivilegeReference


def described(table: Table) -> list[dict[str, Any]]:
    """The member `Privileges` of EntityMetadata."""
    return [
        {
            "Name": name,
            "PrivilegeId": privilege_id(name),
            "PrivilegeType": right,
            "CanBeBasic": table.ownership == "UserOwned",
            "CanBeLocal": table.ownership == "UserOwned",
            "CanBeDeep": table.ownership == "UserOwned",
            "CanBeGlobal": True,
        }
        for right, name in names_of(table).items()
    ]


def remove_privileges(tx: Transaction, table: Table) -> None:
    """Take a deleted table's privileges away, out of every role too."""
    kind = kind_of_table(table)
    if any(kind_of_table(other) == kind for other in tx.org.definitions.tables.values()):
        return
    for name in names_of(table).values():
        tx.delete(PRIVILEGE, privilege_id(name))


def held_by(org: Organization, role_ids: Iterable[str]) -> set[str]:
    """The names of the privileges that rows give to these roles."""
    names = {row["privilegeid"]: row["name"] for row in org.rows(PRIVILEGE)}
    links = (row for role_id in role_ids for row in org.rows("roleprivileges", roleid=role_id))
    return {names[row["privilegeid"]] for row in links}


def guard_roles(tx: Transaction, change: Change) -> None:
    """A role needs a name and a business unit, and begins with privileges nobody asked for."""
    if change.table != ROLE or change.after is None:
        return
    if not change.after["name"] or not change.after["businessunitid"]:
        raise invalid_argument("A role needs a name and a business unit.")
    if change.message == "Create":
        give(tx, change.id, GIVEN_TO_EVERY_ROLE)


def give(tx: Transaction, role_id: str, names: Iterable[str]) -> None:
    """Let a role hold privileges; those it holds stay."""
    end = tx.org.definitions.ends[ROLE, LINKS]
    for name in names:
        link(tx, end, role_id, privilege_id(name))


def add_privileges_role(call: Call, role_id: str) -> Answer:
    """POST `roles(id)/Microsoft.Dynamics.CRM.AddPrivilegesRole`."""
    require(call.org.definitions.tables[ROLE], "write")
    body = read(call.json(), PrivilegesBody, "AddPrivilegesRole")
    end = call.org.definitions.ends[ROLE, LINKS]
    with call.org.transaction() as tx:
        for item in body.privileges:
            _check_depth(item.depth)
            link(tx, end, role_id, parse_guid(item.privilege_id))
    return Answer(204)


def remove_privilege_role(call: Call, role_id: str) -> Answer:
    """POST `roles(id)/Microsoft.Dynamics.CRM.RemovePrivilegeRole`."""
    require(call.org.definitions.tables[ROLE], "write")
    body = read(call.json(), PrivilegeBody, "RemovePrivilegeRole")
    end = call.org.definitions.ends[ROLE, LINKS]
    with call.org.transaction() as tx:
        unlink(tx, end, role_id, parse_guid(body.privilege.privilege_id))
    return Answer(204)


def _check_depth(depth: str) -> None:
    if depth not in DEPTHS:
        raise ApiError(400, "0x80048d19", f"Cannot convert '{depth}' to a PrivilegeDepth.")
    if depth != "Global":
        raise Unsupported(f"privileges of the depth {depth}")
