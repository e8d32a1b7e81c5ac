"""Size limits: the same answer from the same place, whoever hosts the handlers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import azure.functions as func
import pytest

import function_app
from functions import TRIGGERS
from functions.answers import HEADERS_LIMIT
from gradesys.dataverse.events import SIZE_LIMIT
from gradesys.host import web
from tests.functions.listed import azure_functions
from tests.functions.test_triggers import MemoryApp, app, event_of

__all__ = ["app"]

EVENT = json.dumps(event_of("invoice")).encode()
Answer = tuple[int, Any]
Host = Callable[[MemoryApp, dict[str, str], bytes], Answer]


def on_this_machine(app: MemoryApp, headers: dict[str, str], body: bytes) -> Answer:
    """The answer of the local host, to which a body comes in pieces."""
    pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)] or [b""]
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        said.append(message)

    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/api/webhook", "headers": pairs}
    asyncio.run(web(TRIGGERS, app)(scope | {"query_string": b"", "root_path": ""}, receive, send))
    return said[0]["status"], json.loads(said[1]["body"])


def on_azure(app: MemoryApp, headers: dict[str, str], body: bytes) -> Answer:
    """The answer of the function that Azure's runtime would call with the whole body."""
    request = func.HttpRequest("POST", "/api/webhook", headers=headers, body=body)
    with patch.object(function_app, "service", app):
        answer = azure_functions()["webhook"](request)
    return answer.status_code, json.loads(answer.get_body())


@pytest.mark.parametrize("host", [on_this_machine, on_azure])
@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"x-gs-key": "k1"}, EVENT, 202),
        ({"x-gs-key": "k1"}, EVENT.ljust(SIZE_LIMIT), 202),
        ({"x-gs-key": "k1"}, EVENT.ljust(SIZE_LIMIT + 1), 413),
        ({"x-gs-key": "k1"}, EVENT.ljust(20 * SIZE_LIMIT), 413),
        ({"x-gs-key": "k1"}, b"", 400),
        ({"x-gs-key": "wrong"}, EVENT.ljust(SIZE_LIMIT + 1), 401),
        ({"x-gs-key": "k1", "x-more": "x" * HEADERS_LIMIT}, EVENT, 431),
        ({"x-gs-key": "k" * HEADERS_LIMIT}, EVENT, 431),
    ],
)
def test_what_is_too_large_is_refused_alike_everywhere(
    app: MemoryApp, host: Host, headers: dict[str, str], body: bytes, status: int
) -> None:
    answered, told = host(app, headers, body)
    assert (answered, set(told)) == (status, {"marked"} if status == 202 else {"error"})
