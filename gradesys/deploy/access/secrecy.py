"""The part of a plan that keeps explanations from whoever lacks our field security profile.

The profile is the memory of the wish: where it exists, every explanation column of ours is secured.
No column is before the service is let in, or it could not write what it computes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from gradesys.dataverse.client import Client
from gradesys.deploy.access.planning import reference
from gradesys.deploy.access.profiles import (
    LINK,
    PROFILE,
    Profile,
    members,
    our_profile,
    permissions,
)
from gradesys.deploy.actions import MERGE_LABELS, Action, ActionKind, Call, leave
from gradesys.deploy.columns import READ_ONLY, read_stored
from gradesys.deploy.inventory import Inventory
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.names import derived_id
from gradesys.deploy.publication import publish
from gradesys.deploy.reading import Found, column_definitions
from gradesys.deploy.rowspecs import Link, RowSpec, row_action
from gradesys.errors import PermanentError

_WHAT = f"field security profile {PROFILE}"
_ALLOWED = 4
_OPEN = "the explanation stays open to whoever reads the record"
_SHUT = f"give the profile '{PROFILE}' this column by hand, or the service cannot write it"
_STRANGER = f"the application user has not the profile '{PROFILE}'"
_NOT_OURS = "the column is not ours: secure it yourself"


def secrecy_actions(manifest: Manifest, inventory: Inventory) -> Iterator[Action]:
    """The profile, its member, and each explanation column."""
    found = inventory.profile
    if found is None or (found.row is None and found.user is None):
        if manifest.secured:
            why = (
                "this user may not look at it" if found is None else "no application user is known"
            )
            yield Action(ActionKind.LEAVE, _WHAT, why)
    elif manifest.secured or found.row is not None:
        profile = _profile(found.row)
        yield row_action(profile, found.row)
        yield _membership(profile.id, found)
        for table, column in _explanations(manifest, inventory):
            definition = inventory.definitions.get((table, column))
            yield _column(table, column, definition, found)


def secrecy_removal(client: Client) -> Iterator[Action]:
    """Permissions and members, then the profile; a column that stays stays secured."""
    row = our_profile(client)
    if row is None:
        return
    id_ = row["fieldsecurityprofileid"]
    paths = [
        *(f"fieldpermissions({permission})" for permission in permissions(client, id_)),
        *(f"systemusers({user})/{LINK}({id_})/$ref" for user in sorted(members(client, id_))),
        f"fieldsecurityprofiles({id_})",
    ]
    yield Action(ActionKind.REMOVE, _WHAT, calls=tuple(Call("DELETE", path) for path in paths))


def _explanations(manifest: Manifest, inventory: Inventory) -> list[tuple[str, str]]:
    named = ((face.table, face.columns.get("explanation")) for face in manifest.faces)
    return sorted((table, name) for table, name in named if name and table in inventory.tables)


def _profile(row: Found | None) -> RowSpec:
    return RowSpec(
        entity_set="fieldsecurityprofiles",
        key="fieldsecurityprofileid",
        id=row["fieldsecurityprofileid"] if row else derived_id("profile", PROFILE),
        what=_WHAT,
        values={"name": PROFILE},
        initial={"description": "Who has it reads why a record has its grade."},
        loss=_OPEN,
    )


def _membership(profile: str, found: Profile) -> Action:
    what = f"{_WHAT} of the application user"
    if found.user is None:
        return Action(ActionKind.LEAVE, what, "no application user is known")
    if found.user in found.members:
        return leave(what)
    late = partial(reference, f"fieldsecurityprofiles({profile})")
    call = Call("POST", f"systemusers({found.user})/{LINK}/$ref", {}, late=late, loss=_OPEN)
    return Action(ActionKind.CHANGE, what, "it has it not", (call,))


def _column(table: str, column: str, definition: Found | None, found: Profile) -> Action:
    """Dataverse takes a permission of a column once that is published as secured."""
    what = f"security of column {table}.{column}"
    if definition is not None and not read_stored(definition).ours:
        return Action(ActionKind.LEAVE, what, _NOT_OURS)
    permission = _permission(table, column, found)
    permitted = row_action(permission, found.permissions.get(permission.id))
    secured = definition is not None and definition.get("IsSecured")
    if secured and not permitted.calls:
        return leave(what)
    first = () if secured else (_securing(table, column, permission, found),)
    calls = (*first, publish([table], loss=_SHUT), *permitted.calls)
    return Action(ActionKind.CHANGE, what, f"for those with the profile '{PROFILE}'", calls)


def _permission(table: str, column: str, found: Profile) -> RowSpec:
    place = (table, column)
    stored = (
        id_
        for id_, row in found.permissions.items()
        if (row["entityname"], row["attributelogicalname"]) == place
    )
    profile = _profile(found.row).id
    return RowSpec(
        entity_set="fieldpermissions",
        key="fieldpermissionid",
        id=next(stored, derived_id("permission", table, column)),
        what=f"permission of {table}.{column}",
        values={
            "entityname": table,
            "attributelogicalname": column,
            **dict.fromkeys(("canread", "cancreate", "canupdate"), _ALLOWED),
        },
        links=(
            Link(
                "_fieldsecurityprofileid_value",
                "fieldsecurityprofileid",
                "fieldsecurityprofiles",
                profile,
            ),
        ),
        in_solution=False,
        loss=_SHUT,
    )


def _securing(table: str, column: str, permission: RowSpec, found: Profile) -> Call:
    path = f"EntityDefinitions(LogicalName='{table}')/Attributes(LogicalName='{column}')"
    late = partial(_secured, table, column, str(permission.links[0].id), found.user)
    return Call("PUT", path, {}, MERGE_LABELS, late=late, loss=_OPEN)


def _secured(
    table: str, column: str, profile: str, user: str | None, client: Client
) -> Mapping[str, Any]:
    """The whole definition as it is by then. Raises PermanentError where the service would be
    shut out."""
    if user not in members(client, profile):
        raise PermanentError(_STRANGER)
    definition = column_definitions(client, table, (column,))[column]
    kept = {name: value for name, value in definition.items() if name not in READ_ONLY}
    return {**kept, "IsSecured": True}
