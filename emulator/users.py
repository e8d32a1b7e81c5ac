"""`--users FILE`: application users with their roles, and the applications that sign in as them.

```json
{"roles": {"Grader": {"tables": {"account": ["read", "write"], "*": ["read"]},
                      "privileges": ["prvPublishCustomization"]}},
 "users": [{"applicationid": "<guid>", "name": "gradesys", "roles": ["Grader"]}],
 "applications": [{"applicationid": "<guid>", "secret": "...", "certificate": "<PEM>",
                   "approles": {"api://<guid>": ["Scores.Recompute"]}}]}
```
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias
from uuid import NAMESPACE_OID, uuid5

import msgspec

from emulator.definitions import Definitions
from emulator.errors import ApiError, invalid_argument
from emulator.organization import Organization
from emulator.rows.links import associate
from emulator.rows.payload import parse_guid
from emulator.rows.transaction import Transaction
from emulator.seeds import BASE_LANGUAGE, ROOT_UNIT_ID
from emulator.surface.privileges import held_by
from emulator.users_caller import EVERYWHERE, Caller, Rights, kind_of_table
from emulator.users_secured import permits_of

NON_INTERACTIVE = 4
_STAMPS = ("createdon", "modifiedon")
_UNIT = {"businessunitid": ROOT_UNIT_ID, "businessunitid@type": "businessunit"}
ADMINISTRATOR = "System Administrator"
Right: TypeAlias = Literal[
    "create", "read", "write", "delete", "append", "appendto", "assign", "share"
]


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rights by logical table name (``*`` for all), all with the depth of the organisation."""

    tables: dict[str, frozenset[Right]] = {}
    privileges: frozenset[str] = frozenset()


class User(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An application user; without an id of its own it gets one from its application."""

    applicationid: str
    name: str = "application"
    systemuserid: str = ""
    roles: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        derived = str(uuid5(NAMESPACE_OID, f"user {self.applicationid.lower()}"))
        return self.systemuserid.lower() or derived


class Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An application of the directory and how it proves who it is; it need not be a user here.

    ``identity_header`` makes it a managed identity: the value of its `X-IDENTITY-HEADER`.
    ``approles``: what it was given of other applications' roles, by the address of their API.
    """

    applicationid: str
    secret: str | None = None
    certificate: str | None = None
    identity_header: str | None = None
    approles: dict[str, tuple[str, ...]] = {}


class Directory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file."""

    roles: dict[str, Role] = {}
    users: tuple[User, ...] = ()
    applications: tuple[Application, ...] = ()


def parse_users(text: bytes, definitions: Definitions) -> Directory:
    """The directory of a file. Raises `msgspec.DecodeError` or ApiError with what is wrong."""
    directory = msgspec.json.decode(text, type=Directory)
    known = directory.roles.keys() | {ADMINISTRATOR}
    for user in directory.users:
        parse_guid(user.applicationid)
        if unknown := set(user.roles) - known:
            raise invalid_argument(f"There is no role '{min(unknown)}'.")
    for role in directory.roles.values():
        if strangers := role.tables.keys() - definitions.tables.keys() - {EVERYWHERE}:
            raise invalid_argument(f"There is no table '{min(strangers)}'.")
    return directory


class Members:
    """Finds the user an application acts as and its roles in the rows; what a role allows is in
    the file."""

    def __init__(self, org: Organization, directory: Directory) -> None:
        self._org = org
        self._roles = {_role_id(name): role for name, role in directory.roles.items()}

    def caller(self, application_id: str) -> Caller:
        """403 when the application has no user in this organisation, or a disabled one."""
        rows = self._org.rows("systemuser", applicationid=application_id.lower())
        if not rows:
            message = "The user is not a member of the organization."
            raise ApiError(403, "0x80072560", message)
        if rows[0]["isdisabled"]:
            message = (
                "The specified user is either disabled or is not a member of any business unit."
            )
            raise ApiError(403, "0x80040225", message)
        user_id = str(rows[0]["systemuserid"])
        links = self._org.rows("systemuserroles", systemuserid=user_id)
        rights = self._rights({str(link["roleid"]) for link in links})
        return Caller(user_id, rights, permits_of(self._org, user_id))

    def _rights(self, role_ids: set[str]) -> Rights | None:
        if _role_id(ADMINISTRATOR) in role_ids:
            return None
        tables: dict[str, frozenset[str]] = {}
        privileges: frozenset[str] = frozenset()
        for role in (self._roles[role_id] for role_id in role_ids if role_id in self._roles):
            for table, rights in role.tables.items():
                kind = _kind(self._org, table)
                tables[kind] = tables.get(kind, frozenset()) | rights
            privileges |= {name.lower() for name in role.privileges}
        privileges |= {name.lower() for name in held_by(self._org, role_ids)}
        return Rights(tables, privileges, len(role_ids))


def seed_users(org: Organization, directory: Directory) -> None:
    """Add the rows of roles and of users that are not there yet, these with their roles."""
    roles = {name: _role_id(name) for name in (*directory.roles, ADMINISTRATOR)}
    end = org.definitions.ends["systemuser", "systemuserroles_association"]
    with org.transaction() as tx:
        for name, role_id in roles.items():
            _add(tx, "role", {"roleid": role_id, "name": name, **_UNIT})
        for user in directory.users:
            if _add(tx, "systemuser", _user_row(user)):
                settings = {"systemuserid": user.id, "uilanguageid": BASE_LANGUAGE}
                _add(tx, "usersettings", settings)
                for name in user.roles:
                    associate(tx, end, user.id, roles[name])


def _add(tx: Transaction, table: str, row: Mapping[str, Any]) -> bool:
    """Whether the row had to be added."""
    definition = tx.org.definitions.tables[table]
    if tx.row(table, row[definition.id_column]) is not None:
        return False
    stamps = {name: tx.now for name in _STAMPS if name in definition.columns}
    tx.insert(definition, {**stamps, **row})
    return True


def _user_row(user: User) -> dict[str, Any]:
    return {
        "systemuserid": user.id,
        "applicationid": user.applicationid.lower(),
        "fullname": user.name,
        "isdisabled": False,
        "accessmode": NON_INTERACTIVE,
        **_UNIT,
    }


def _role_id(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, f"role {name}"))


def _kind(org: Organization, table: str) -> str:
    if table == EVERYWHERE:
        return table
    return kind_of_table(org.definitions.tables[table]).lower()
