"""The shape of a trigger: what fires it, and the handler it calls with the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from gradesys.app import App


class Incoming(Struct, frozen=True):
    """A request: headers by lower-case name, and the raw body."""

    headers: Mapping[str, str]
    body: bytes


class Reply(Struct, frozen=True):
    """A status code, a JSON body, and headers besides those of any answer."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class Http(Struct, frozen=True):
    """Fired by a request to ``/api/<route>``."""

    name: str
    method: str
    route: str
    handler: Callable[[App, Incoming], Reply]


class Queue(Struct, frozen=True):
    """Fired by a message in a storage queue; on one machine by the marks, with an empty one."""

    name: str
    queue: str
    handler: Callable[[App, str], int]


class Timer(Struct, frozen=True):
    """Fired every so many minutes."""

    name: str
    minutes: int
    handler: Callable[[App], None]


Trigger = Http | Queue | Timer
