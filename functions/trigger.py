"""The shape of a trigger: what fires it, and the handler it calls with the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradesys.app import App


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request: headers by lower-case name, and the raw body."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A status code, a JSON body, and headers besides those of any answer."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Http:
    """Fired by a request to ``/api/<route>``."""

    name: str
    method: str
    route: str
    handler: Callable[[App, Incoming], Reply]


@dataclass(frozen=True, slots=True)
class Queue:
    """Fired by a message in a storage queue; on one machine by the marks, with an empty one."""

    name: str
    queue: str
    handler: Callable[[App, str], int]


@dataclass(frozen=True, slots=True)
class Timer:
    """Fired every so many minutes."""

    name: str
    minutes: int
    handler: Callable[[App], None]


Trigger = Http | Queue | Timer
