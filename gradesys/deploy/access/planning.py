"""The part of a plan that gives the service's application user just the rights that it needs.

A refusal is told with what to do by hand: an administrator may give another role as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from gradesys.dataverse.client import Client
from gradesys.deploy.access.reading import (
    LINK,
    ROLE,
    Roles,
    needed_privileges,
    our_role,
    users_with,
)
from gradesys.deploy.access.rights import Rights
from gradesys.deploy.actions import Action, ActionKind, Call, leave
from gradesys.deploy.names import derived_id
from gradesys.deploy.rowspecs import RowSpec, row_action

BY_HAND = f"give the application user the role '{ROLE}' in the Power Platform admin centre"
_KEPT = "take them out of the role by hand"
_LOSS = "make a role with these privileges and give it to the application user"


def role_actions(rights: Rights, application: str, found: Roles | None) -> Iterator[Action]:
    """The role, what it allows, and who has it."""
    if found is None:
        yield Action(ActionKind.LEAVE, f"role {ROLE}", "this user may not look at roles")
        return
    role = _row(found)
    yield row_action(role, found.role)
    yield _privileges(role.id, rights, found)
    yield _assignment(role.id, application, found)


def role_narrowing(found: Roles | None) -> Iterator[Action]:
    """Take out of the role what the rules do not need, whoever put it there."""
    if found is None or found.role is None:
        return
    extra = sorted(found.held.keys() - found.needed.ids.keys())
    path = f"roles({found.role['roleid']})/Microsoft.Dynamics.CRM.RemovePrivilegeRole"
    calls = tuple(Call("POST", path, _privilege(found.held[name]), loss=_KEPT) for name in extra)
    if calls:
        yield Action(ActionKind.REMOVE, f"privileges of role {ROLE}", ", ".join(extra), calls)


def role_removal(client: Client) -> Iterator[Action]:
    """Take the role from whoever has it, then away."""
    role = our_role(client)
    if role is None:
        return
    id_ = role["roleid"]
    taken = (
        Call("DELETE", f"systemusers({user})/{LINK}({id_})/$ref")
        for user in users_with(client, id_)
    )
    calls = (*taken, Call("DELETE", f"roles({id_})"))
    yield Action(ActionKind.REMOVE, f"role {ROLE}", calls=calls)


def _row(found: Roles) -> RowSpec:
    return RowSpec(
        entity_set="roles",
        key="roleid",
        id=found.role["roleid"] if found.role else derived_id("role", ROLE),
        what=f"role {ROLE}",
        values={"name": ROLE},
        initial={"businessunitid@odata.bind": f"/businessunits({found.unit})"},
        loss=_LOSS,
    )


def _privileges(role: str, rights: Rights, found: Roles) -> Action:
    what = f"privileges of role {ROLE}"
    missing = found.needed.ids.keys() - found.held.keys()
    later = rights.tables.keys() - found.needed.tables
    if not missing and not later:
        return leave(what)
    path = f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole"
    call = Call("POST", path, {}, late=partial(_body, rights), loss=_LOSS)
    why = ", ".join(sorted(missing) + [f"those of {table}" for table in sorted(later)])
    return Action(ActionKind.CHANGE, what, why, (call,))


def _body(rights: Rights, client: Client) -> dict[str, Any]:
    ids = needed_privileges(client, rights).ids.values()
    return {"Privileges": [{"PrivilegeId": id_, "Depth": "Global"} for id_ in sorted(ids)]}


def _privilege(id_: str) -> dict[str, Any]:
    return {"Privilege": {"@odata.type": "Microsoft.Dynamics.CRM.privilege", "privilegeid": id_}}


def _assignment(role: str, application: str, found: Roles) -> Action:
    what = f"role of the application user {application}".rstrip()
    if not application:
        return Action(ActionKind.LEAVE, what, f"GRADESYS_CLIENT_ID names none; {BY_HAND}")
    if found.user is None:
        why = "this organisation has no such user: add it in the Power Platform admin centre"
        return Action(ActionKind.LEAVE, what, f"{why}, and {BY_HAND}")
    if role in found.assigned:
        return leave(what)
    path = f"systemusers({found.user})/{LINK}/$ref"
    call = Call("POST", path, {}, late=partial(reference, f"roles({role})"), loss=BY_HAND)
    return Action(ActionKind.CHANGE, what, f"it has not the role '{ROLE}'", (call,))


def reference(path: str, client: Client) -> dict[str, str]:
    """The body that links a row to another."""
    return {"@odata.id": client.address(path)}
