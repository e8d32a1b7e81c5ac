"""What stands between the org and the service, and misbehaves: it doubles, delays and drops.

It remembers of each event whom it concerned and whether it ever got a 2xx, so that a test knows
before any repair which records may be wrong.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from tests.line.running import Json

LONGEST_DELAY_S = 1.5


@dataclass(frozen=True, slots=True)
class Mischief:
    """Shares of events: doubled, delayed past others, and dropped behind a friendly 200."""

    double: float = 0.2
    delay: float = 0.05
    drop: float = 0.01


@dataclass(slots=True)
class Told:
    """An event by its operation: when it was made, whom it names, and whether we accepted it."""

    made: int
    accounts: frozenset[str]
    moves: bool
    accepted: bool = False
    dropped: bool = False


@dataclass
class Gateway:
    """``services`` are the ports that take turns."""

    services: Sequence[int]
    mischief: Mischief = Mischief()
    told: dict[str, Told] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    """How often the services answered with each status; 0: not at all."""
    doubled: int = 0
    delayed: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._local = threading.local()
        self._turn = 0

    def deliver(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """The status that the org gets for a delivery."""
        event = json.loads(body)
        dice = random.Random(str(event["OperationId"]))
        with self._lock:
            told = self.told.setdefault(event["OperationId"], _told(event))
        told.dropped = dice.random() < self.mischief.drop
        if told.dropped:
            return 200
        twice, late = dice.random() < self.mischief.double, dice.random() < self.mischief.delay
        self.doubled, self.delayed = self.doubled + twice, self.delayed + late
        if late:
            time.sleep(dice.random() * LONGEST_DELAY_S)
        statuses = [self._forward(path, headers, body) for _ in range(1 + twice)]
        told.accepted |= any(status < 300 for status in statuses)
        return min(statuses)

    def _forward(self, path: str, headers: dict[str, str], body: bytes) -> int:
        with self._lock:
            self._turn += 1
            port = self.services[self._turn % len(self.services)]
        try:
            url = f"http://127.0.0.1:{port}{path}"
            answer = self._session().post(url, body, headers=headers, timeout=60)
        except requests.RequestException:
            self.answers[0] += 1
            return 503
        self.answers[answer.status_code] += 1
        return answer.status_code

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        return session

    def excused(self, only_moves: bool = False) -> set[str]:
        """The accounts whose last event was dropped or never got a 2xx. ``only_moves``: those of
        which a lost event, last or not, was a delete or named another owner."""
        if only_moves:
            lost = (told for told in self.told.values() if told.moves and not told.accepted)
            return {account for told in lost for account in told.accounts}
        last: dict[str, list[Told]] = {}
        for told in sorted(self.told.values(), key=lambda told: told.made):
            for account in told.accounts:
                before = last.get(account, [])
                same = before and before[0].made == told.made
                last[account] = [*before, told] if same else [told]
        return {
            account for account, each in last.items() if not all(told.accepted for told in each)
        }

    def lost(self) -> int:
        """How many events never got a 2xx from the service."""
        return sum(not told.accepted for told in self.told.values())


def _told(event: Json) -> Told:
    """Every account that a lookup of the event names, before or after."""
    accounts = frozenset(_accounts(event))
    moved = event["MessageName"] == "Delete" or "customerid" in _changed(event)
    made = int(event["OperationCreatedOn"][6:].split("+")[0])
    return Told(made, accounts, moved)


def _changed(event: Json) -> set[str]:
    """The columns that an Update names."""
    if event["MessageName"] != "Update":
        return set()
    (target,) = (each["value"] for each in event["InputParameters"] if each["key"] == "Target")
    return {attribute["key"] for attribute in target["Attributes"]}


def _accounts(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if tree.get("LogicalName") == "account" and "Id" in tree:
            yield str(tree["Id"]).lower()
        for value in tree.values():
            yield from _accounts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _accounts(value)


@contextmanager
def open_gateway(*services: int) -> Iterator[Gateway]:
    """A gateway on a free port while the block lasts."""
    gateway = Gateway(services)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept = {
                k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")
            }
            self.send_response(gateway.deliver(self.path, kept, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """The record is kept by the gateway."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Handler)
    gateway.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
