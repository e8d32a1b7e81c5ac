"""A small receiver on loopback, for a tunnel to lead to: it remembers who was told of what.

Kept are message, row and the keys of images; never a value.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from msgspec import Struct

from gradesys.dataverse.events import SIZE_LIMIT, parse_body
from gradesys.errors import GradesysError


class Told(Struct, frozen=True):
    """One event; ``images``: the columns that its pre-image has."""

    message: str
    row: str
    images: frozenset[str]


class Receiver:
    """Listens on 127.0.0.1; port 0 takes a free one."""

    def __init__(self, port: int = 0) -> None:
        self.key = secrets.token_urlsafe(24)
        self.told: list[Told] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it is, on this machine."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def of(self, message: str, row: str) -> list[Told]:
        """What came about a row."""
        return [each for each in self.told if (each.message, each.row) == (message, row)]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_POST(self) -> None:
            key = self.headers.get("x-gs-key", "").encode()
            size = self.headers.get("Content-Length", "")
            if not hmac.compare_digest(key, receiver.key.encode()) or not size.isdecimal():
                self.send_error(401)
                return
            try:
                event = parse_body(self.rfile.read(min(int(size), SIZE_LIMIT + 1)))
            except GradesysError:
                self.send_error(400)
                return
            receiver.told.append(_told(event))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """What came is remembered, not logged."""

    return Handler


def _told(event: Mapping[str, Any]) -> Told:
    images = event.get("PreEntityImages") or []
    found = {
        str(pair.get("key"))
        for image in images
        for pair in ((image.get("value") or {}).get("Attributes") or [])
    }
    message, row = str(event.get("MessageName")), str(event.get("PrimaryEntityId"))
    return Told(message, row, frozenset(found))
