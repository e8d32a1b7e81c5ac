"""A webhook endpoint on a free port that remembers what it was sent and answers as told."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """One request: path with query, headers by lower-case name, and the parsed body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def target(self) -> Any:
        """The value of the input parameter `Target`."""
        return pairs(self.body["InputParameters"])["Target"]


class Receiver:
    """Answers with `statuses` in turn, then 200."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.statuses: list[int] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def forget(self) -> None:
        self.deliveries.clear()
        self.statuses.clear()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.deliveries.append(Delivery(self.path, headers, json.loads(body)))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:
                """Tests read what was received, not a log."""

        return Handler


def pairs(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The contract's list of keys and values as a map."""
    return {item["key"]: item["value"] for item in items}
