"""A long line to the emulator: every answer comes later by so much, and it is noted when a request
came and when its answer left.

Between an answer and the next request it is gradesys that works, so its own time can be told from
the line's and the emulator's.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LONGEST_HEAD = 2**16


@dataclass(frozen=True, slots=True)
class Call:
    """When a request came and when its answer left, by ``time.perf_counter``."""

    came: float
    left: float


@dataclass
class Relay:
    """``url`` is the emulator's behind the line; ``calls`` in the order of their ends."""

    target: str
    latency_s: float
    url: str = ""
    calls: list[Call] = field(default_factory=list)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while request := await _message(reader):
                came = time.perf_counter()
                await asyncio.sleep(self.latency_s)
                answer = await self._ask(request)
                self.calls.append(Call(came, time.perf_counter()))
                writer.write(answer)
                await writer.drain()
        finally:
            writer.close()

    async def _ask(self, request: bytes) -> bytes:
        """By a connection of its own: the emulator ends those that rest."""
        far = urlsplit(self.target)
        reader, writer = await asyncio.open_connection(far.hostname, far.port)
        try:
            writer.write(request)
            return await _message(reader)
        finally:
            writer.close()


@contextmanager
def relayed(target: str, latency_s: float) -> Iterator[Relay]:
    """A relay while the block lasts, on a free port of 127.0.0.1."""
    relay, started = Relay(target, latency_s), threading.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        server = await asyncio.start_server(relay.accept, "127.0.0.1", 0, limit=_LONGEST_HEAD)
        relay.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set()
        await server.serve_forever()

    task = loop.create_task(serve())
    thread = threading.Thread(target=_run, args=(loop, task), daemon=True)
    thread.start()
    started.wait()
    try:
        yield relay
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    """Until the task is cancelled; then connections that are still open are given up."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        rest = asyncio.all_tasks(loop)
        for each in rest:
            each.cancel()
        loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
    finally:
        loop.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A whole request or answer; nothing when the connection ends."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    found = _LENGTH.search(head)
    return head + (await reader.readexactly(int(found[1])) if found else b"")
