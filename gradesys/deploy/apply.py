"""Carries a plan out: one request after the other, as metadata writes must not overlap.

Every action is complete in itself, so after a failure a new plan holds exactly the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import Action, ActionKind, Call, pending
from gradesys.deploy.reading import rows
from gradesys.errors import DataverseError, PermanentError, TemporaryError

Progress = Callable[[Action], None]
"""Called before each action that writes."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How many things were created, changed, removed and found as they should be."""

    created: int
    changed: int
    removed: int
    left: int


def apply(actions: Sequence[Action], client: Client, progress: Progress) -> Applied:
    """Do what the actions say. Raises PermanentError before the first write when one is a refusal,
    and the client's own errors with what failed and how to go on."""
    refused = [str(action) for action in actions if action.kind is ActionKind.REFUSE]
    if refused:
        raise PermanentError("nothing was changed:\n" + "\n".join(refused))
    for action in pending(actions):
        progress(action)
        _carry_out(action, client)
    done = Counter(action.kind for action in actions)
    return Applied(
        created=done[ActionKind.CREATE],
        changed=done[ActionKind.CHANGE],
        removed=done[ActionKind.REMOVE],
        left=done[ActionKind.LEAVE],
    )


def _carry_out(action: Action, client: Client) -> None:
    try:
        for call in action.calls:
            client.request(call.method, call.path, _body(call, client), call.headers)
    except DataverseError as error:
        command = "remove" if action.kind is ActionKind.REMOVE else "apply"
        text = f"{action}: {error}; what was done before stays, run deploy {command} again"
        raise type(error)(text, error.answer) from error


def _body(call: Call, client: Client) -> dict[str, object] | None:
    if not call.message:
        return None if call.body is None else dict(call.body)
    found = rows(client, "sdkmessages", ("sdkmessageid",), f"name eq '{call.message}'")
    if not found:
        raise TemporaryError(f"the message {call.message} is not there yet")
    bind = {"sdkmessageid@odata.bind": f"/sdkmessages({found[0]['sdkmessageid']})"}
    return {**(call.body or {}), **bind}
