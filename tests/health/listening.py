"""A real HTTP server on this machine that keeps what is posted to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Post:
    path: str
    kind: str
    body: bytes


@contextmanager
def listening(status: int) -> Iterator[tuple[str, list[Post]]]:
    """An address that answers so, and what was posted there."""
    posted: list[Post] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append(Post(self.path, self.headers["Content-Type"], body))
            self.send_response(status)
            self.send_header("Location", "https://elsewhere.example")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Tests read what was posted, not a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", posted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
