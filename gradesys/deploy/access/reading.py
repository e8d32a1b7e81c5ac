"""Roles, users and privileges as an organisation has them.

Privileges are found by metadata, not by guessing names: a line's is named after its document.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from gradesys.dataverse.client import Client
from gradesys.deploy.access.rights import Rights
from gradesys.deploy.reading import FRESH, Found, any_of, encoded, listed, rows
from gradesys.errors import MissingPrivilege

ROLE = "gradesys service"
LINK = "systemuserroles_association"


class Privileges(Struct, frozen=True):
    """``ids`` by name, of those that the rights come down to; ``tables`` are those that exist."""

    ids: Mapping[str, str] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()


class Roles(Struct, frozen=True):
    """The root business ``unit``, our ``role`` and the ids by name of what it ``held``, what is
    ``needed``, and our ``user`` with the roles ``assigned`` to it."""

    unit: str
    role: Found | None
    held: Mapping[str, str]
    needed: Privileges
    user: str | None
    assigned: frozenset[str]


def read_roles(client: Client, rights: Rights, application: str) -> Roles | None:
    """None where this user may not look, as the service's own need not."""
    try:
        units = rows(client, "businessunits", ("businessunitid",), _ROOT)
        role = our_role(client)
        user = application_user(client, application)
        return Roles(
            unit=units[0]["businessunitid"],
            role=role,
            held=_held(client, role),
            needed=needed_privileges(client, rights),
            user=user,
            assigned=_assigned(client, user),
        )
    except MissingPrivilege:
        return None


def our_role(client: Client) -> Found | None:
    """The row of our role in the root business unit; its copies in other units follow it."""
    where = f"name eq '{ROLE}' and _parentroleid_value eq null"
    return next(iter(rows(client, "roles", ("roleid", "name"), where)), None)


def users_with(client: Client, role: str) -> list[str]:
    """The ids of the users who have a role."""
    path = f"roles({role})/{LINK}?$select=systemuserid"
    return [row["systemuserid"] for row in listed(client, path, {})]


def needed_privileges(client: Client, rights: Rights) -> Privileges:
    """What the rights come down to in this organisation, as far as it exists."""
    general = any_of("name", (f"'{name}'" for name in rights.general))
    stored = rows(client, "privileges", ("privilegeid", "name"), general)
    ids = {row["name"]: row["privilegeid"] for row in stored}
    where = any_of("LogicalName", (f"'{name}'" for name in sorted(rights.tables)))
    path = f"EntityDefinitions?$select=LogicalName,Privileges&$filter={encoded(where or '')}"
    tables = {table["LogicalName"]: table["Privileges"] for table in listed(client, path, FRESH)}
    for table, privileges in tables.items():
        wanted = (item for item in privileges if item["PrivilegeType"] in rights.tables[table])
        ids |= {item["Name"]: item["PrivilegeId"] for item in wanted}
    return Privileges(ids, frozenset(tables))


_ROOT = "_parentbusinessunitid_value eq null"


def _held(client: Client, role: Found | None) -> dict[str, str]:
    if role is None:
        return {}
    path = f"roles({role['roleid']})/roleprivileges_association?$select=name,privilegeid"
    return {row["name"]: row["privilegeid"] for row in listed(client, path, {})}


def application_user(client: Client, application: str) -> str | None:
    """The user of an application, where the organisation has one."""
    where = f"applicationid eq {application}" if application else None
    found = rows(client, "systemusers", ("systemuserid",), where)
    return next((row["systemuserid"] for row in found), None)


def _assigned(client: Client, user: str | None) -> frozenset[str]:
    if user is None:
        return frozenset()
    path = f"systemusers({user})/{LINK}?$select=roleid"
    return frozenset(row["roleid"] for row in listed(client, path, {}))
