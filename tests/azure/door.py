"""Where the emulator delivers: what came in is kept byte for byte, for the runtime to be given."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.azure.runtime import Request


class Door:
    """Accepts every delivery on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self.delivered: list[Request] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port: int = self.server.server_port

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                door.delivered.append(Request("POST", self.path, dict(self.headers), body))
                self.send_response(202)
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:
                """Tests read what was delivered, not a log."""

        return Handler


@contextmanager
def open_door() -> Iterator[Door]:
    """A door that takes deliveries while the block lasts."""
    door = Door()
    thread = threading.Thread(target=door.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield door
    finally:
        door.server.shutdown()
        thread.join()
        door.server.server_close()
