"""The field security profile of explanations, as an organisation has it."""

from __future__ import annotations

from msgspec import Struct, field

from gradesys.dataverse.client import Client
from gradesys.deploy.access.reading import application_user
from gradesys.deploy.reading import Found, RowsById, listed, rows
from gradesys.errors import MissingPrivilege

PROFILE = "gradesys explanation"
LINK = "systemuserprofiles_association"
_PERMISSION = (
    "fieldpermissionid", "entityname", "attributelogicalname", "canread", "cancreate", "canupdate",
    "_fieldsecurityprofileid_value",
)  # fmt: skip


class Profile(Struct, frozen=True):
    """Our ``row``, its ``permissions`` and ``members``, and the application's own ``user``."""

    row: Found | None
    user: str | None
    permissions: RowsById = field(default_factory=dict)
    members: frozenset[str] = frozenset()


def read_profile(client: Client, application: str) -> Profile | None:
    """None where this user may not look, as the service's own need not."""
    try:
        row = our_profile(client)
        user = application_user(client, application)
        if row is None:
            return Profile(row, user)
        id_ = row["fieldsecurityprofileid"]
        return Profile(row, user, permissions(client, id_), members(client, id_))
    except MissingPrivilege:
        return None


def our_profile(client: Client) -> Found | None:
    """The row of our profile."""
    columns = ("fieldsecurityprofileid", "name", "description")
    return next(iter(rows(client, "fieldsecurityprofiles", columns, f"name eq '{PROFILE}'")), None)


def permissions(client: Client, profile: str) -> RowsById:
    """Of which columns a profile is, by id."""
    where = f"_fieldsecurityprofileid_value eq {profile}"
    found = rows(client, "fieldpermissions", _PERMISSION, where)
    return {row["fieldpermissionid"]: row for row in found}


def members(client: Client, profile: str) -> frozenset[str]:
    """The ids of the users who have a profile."""
    path = f"fieldsecurityprofiles({profile})/{LINK}?$select=systemuserid"
    return frozenset(row["systemuserid"] for row in listed(client, path, {}))
