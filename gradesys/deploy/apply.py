"""Carries a plan out: one request after the other, as metadata writes must not overlap.

Every action is complete in itself, so after a failure a new plan holds exactly the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from msgspec import Struct

from gradesys.dataverse.answers import is_gone
from gradesys.dataverse.client import Client
from gradesys.deploy.actions import Action, ActionKind, Call, pending
from gradesys.errors import DataverseError, PermanentError

Progress = Callable[[Action], None]
"""Called before each action that writes."""


class Applied(Struct, frozen=True):
    """How many things were created, changed, removed and found as they should be; ``losses`` are
    requests that the organisation refused and that nothing else depends on."""

    created: int
    changed: int
    removed: int
    left: int
    losses: tuple[str, ...] = ()


def apply(actions: Sequence[Action], client: Client, progress: Progress) -> Applied:
    """Do what the actions say. Raises PermanentError before the first write when one is a refusal,
    and the client's own errors with what failed and how to go on."""
    refused = [str(action) for action in actions if action.kind is ActionKind.REFUSE]
    if refused:
        raise PermanentError("nothing was changed:\n" + "\n".join(refused))
    losses: list[str] = []
    for action in pending(actions):
        progress(action)
        losses.extend(_carry_out(action, client))
    done = Counter(action.kind for action in actions)
    return Applied(
        created=done[ActionKind.CREATE],
        changed=done[ActionKind.CHANGE],
        removed=done[ActionKind.REMOVE],
        left=done[ActionKind.LEAVE],
        losses=tuple(losses),
    )


def _carry_out(action: Action, client: Client) -> list[str]:
    """Do one thing; what the organisation refused of that which it may refuse. One refusal brings
    others with it, so the first is told."""
    losses = []
    for call in action.calls:
        try:
            _send(call, client)
        except DataverseError as error:
            if call.method == "DELETE" and is_gone(error):
                continue
            if call.loss and isinstance(error, PermanentError):
                losses.append(f"{action.what}: {call.loss}: {error}")
                continue
            command = "remove" if action.kind is ActionKind.REMOVE else "apply"
            text = f"{action}: {error}; what was done before stays, run deploy {command} again"
            raise type(error)(text, error.answer) from error
    return losses[:1]


def _send(call: Call, client: Client) -> None:
    answer = client.request(call.method, call.path, _body(call, client), call.headers)
    if call.then is not None:
        call.then(client, answer)


def _body(call: Call, client: Client) -> dict[str, object] | None:
    if call.body is None:
        return None
    late = {} if call.late is None else call.late(client)
    return {**call.body, **late}
