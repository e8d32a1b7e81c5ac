"""Steps of a plan: what would happen to one thing, and the requests that make it happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from gradesys.dataverse.answers import Response
from gradesys.dataverse.client import Client
from gradesys.deploy.names import SOLUTION

IN_SOLUTION = {"MSCRM.SolutionUniqueName": SOLUTION}
MERGE_LABELS = {"MSCRM.MergeLabels": "true"}
EXISTING = {"If-Match": "*"}
Late = Callable[[Client], Mapping[str, Any]]


class ActionKind(StrEnum):
    """``refuse``: what is there stands in the way; a plan that holds one is not carried out."""

    CREATE = "create"
    CHANGE = "change"
    LEAVE = "leave"
    REMOVE = "remove"
    REFUSE = "refuse"


class Call(Struct, frozen=True):
    """One request. ``late`` reads the members that the body still lacks, because what they name
    is created by an earlier action of the same plan. ``loss`` tells what is lost where the
    organisation refuses the request: then the plan goes on. ``then`` waits for what the request
    began. Bodies may hold a secret."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    late: Late | None = None
    loss: str = ""
    then: Callable[[Client, Response], None] | None = None

    def __repr__(self) -> str:
        return f"Call({self.method} {self.path})"  # its body may be secret


class Action(Struct, frozen=True):
    """``what`` names the thing for people; ``why`` tells the difference or the obstacle."""

    kind: ActionKind
    what: str
    why: str = ""
    calls: tuple[Call, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.what}" + (f": {self.why}" if self.why else "")


def pending(actions: Iterable[Action]) -> tuple[Action, ...]:
    """What a plan would do or cannot do: all but the things that are as they should be."""
    return tuple(action for action in actions if action.kind is not ActionKind.LEAVE)


def leave(what: str) -> Action:
    """Nothing to do."""
    return Action(ActionKind.LEAVE, what)


def refuse(what: str, why: str) -> Action:
    """Something that only a person can put right."""
    return Action(ActionKind.REFUSE, what, why)


def remove(what: str, path: str) -> Action:
    """Delete what stands at ``path``."""
    return Action(ActionKind.REMOVE, what, calls=(Call("DELETE", path),))
