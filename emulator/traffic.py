"""ASGI middleware around the Web API: counts requests, adds latency, answers faults.

It sits outside the routes, so what it does looks to a client like the network or the platform.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.entrance import Access, Entrance, drain
from emulator.faults import Faults, Rule
from emulator.stats import Stats

WEB_API = "/api/data/"
CONTROL = "/_emulator/"
FAULT_CODES: Mapping[int, tuple[str, str]] = {
    429: (
        "0x80072322",
        "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
    ),
    401: ("0x80040220", "The access token is missing or has expired."),
}
DEFAULT_FAULT = ("0x80040216", "An unexpected error occurred.")
FAULT_TEXTS: Mapping[str, str] = {
    "0x80044150": "Generic SQL error. Sql error: Transaction was deadlocked on lock resources with "
    "another process and has been chosen as the deadlock victim. Sql ErrorNumber: 1205",
    "0x80044151": "SQL timeout expired.",
}
# The gateway in front of the service writes pages, not JSON.
GATEWAY = frozenset({502, 504})


class Traffic:
    """Wraps an application; control requests pass untouched and uncounted."""

    def __init__(
        self,
        app: ASGIApp,
        stats: Stats,
        faults: Faults,
        access: Access,
        latency_ms: float = 0,
    ) -> None:
        self._app = app
        self._entrance = Entrance(self._slowed, access, latency_ms / 1000)
        self._stats = stats
        self._faults = faults
        self._latency_ms = latency_ms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
        elif scope["path"].startswith(WEB_API):
            await self._count(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._stats.enter()
        try:
            await self._entrance(scope, receive, self._watched(send))
        finally:
            self._stats.leave()

    async def _slowed(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _wait(self._latency_ms)
        await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        agent = Headers(scope=scope).get("user-agent", "")
        rule = self._faults.pick(scope["method"], scope["path"], agent)
        if rule is None:
            await self._app(scope, receive, send)
        elif rule.status is None:
            await _wait(rule.delay_ms)
            await self._app(scope, receive, send)
        else:
            await (self._app(scope, receive, _swallow) if rule.after_apply else drain(receive))
            await _wait(rule.delay_ms)
            await _answer(rule, rule.status)(scope, receive, send)

    def _watched(self, send: Send) -> Send:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 429:
                self._stats.count("throttled")
            await send(message)

        return watched


def _answer(rule: Rule, status: int) -> Response:
    headers = {} if rule.retry_after is None else {"Retry-After": f"{rule.retry_after:g}"}
    if status in GATEWAY and rule.code is None:
        page = f"<html><head><title>{status}</title></head><body>{status}</body></html>"
        return Response(page, status, headers, "text/html")
    code, text = FAULT_CODES.get(status, DEFAULT_FAULT)
    if rule.code is not None:
        code, text = rule.code, FAULT_TEXTS.get(rule.code, text)
    body: dict[str, Any] = {"error": {"code": code, "message": text}}
    headers["OData-Version"] = "4.0"
    return Response(json.dumps(body), status, headers, "application/json; odata.metadata=minimal")


async def _wait(milliseconds: float) -> None:
    if milliseconds > 0:
        await asyncio.sleep(milliseconds / 1000)


async def _swallow(message: Message) -> None:
    """Stands in for the client that never sees the real answer."""
