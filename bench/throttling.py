"""A resync by four processes under Dataverse's limits, in a window that is twenty times shorter:
as many requests, as much server time and as many at once for each second as the documented ones.

Answers take a quarter of a second each, so that the server's time is what runs out, as it does
with real pages. Bursts are twenty times shorter too; nothing else differs, so what lasts as long as
ever weighs more: ``python -m bench.throttling --shorter 1 --answer 1 --accounts 30000`` takes the
real window, and its time.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from bench.bound import DOCUMENTED, least_seconds
from bench.data import Size, pages_of
from bench.imagined import SLOTS
from bench.place import organisation
from bench.shrunk import SHORTER, TIMES
from gradesys.demo.processes import output_of, running
from gradesys.demo.stage import await_health
from gradesys.demo.user import User

ANSWER_S = 0.25
LOOK_S = 0.5
PROCESSES = 4


@dataclass(frozen=True, slots=True)
class Window:
    """``shorter`` by so many times than the documented one; what an answer takes in it."""

    shorter: int = SHORTER
    answer_s: float = ANSWER_S


SHRUNK = Window()


@dataclass(frozen=True, slots=True)
class Throttled:
    """``server_s``: as the emulator counts it, delays and its own work; ``bound_s``: the least
    time by the formula of that."""

    requests: int
    server_s: float
    seconds: float
    bound_s: float
    failed: int
    written: int
    accounts: int
    in_flight: int
    pauses: int
    refused: int

    @property
    def ratio(self) -> float:
        """Of the least time that it could take."""
        return self.seconds / self.bound_s


def measure(folder: Path, size: Size, window: Window = SHRUNK) -> Throttled:
    """Score everything from nothing."""
    place, pages = folder / "throttled", pages_of(folder / "pages", size)
    with organisation(place, pages) as stage:
        env = {**stage.env, TIMES: str(window.shorter)}
        user, plan = User(stage.url), DOCUMENTED.shorter(window.shorter)
        delay = {"delay_ms": window.answer_s * 1000, "match": {"user_agent": "gradesys/"}}
        with _helpers(env):
            user.control("POST", "faults", {"limits": asdict(plan), "rules": [delay]})
            user.control("POST", "stats/reset")
            with _Sampler(stage.url) as sampler:
                answer = json.loads(output_of("bench.shrunk", "resync", "--json", env=env))
            stats, used = user.control("GET", "stats"), sampler.look()
    asked = stats["requests"] - stats["throttled"]
    return Throttled(
        requests=asked,
        server_s=asked * sampler.each_s,
        seconds=answer["seconds"],
        bound_s=least_seconds([sampler.each_s] * asked, 0.0, SLOTS, plan),
        failed=answer["failed"],
        written=answer["written"],
        accounts=size.accounts,
        in_flight=stats["max_in_flight"],
        pauses=used["pauses"],
        refused=stats["throttled"],
    )


@dataclass
class _Sampler:
    """Looks at the emulator's meter, which knows only the window that it is in: what a request
    took, over all looks."""

    url: str
    _execution_s: float = 0.0
    _requests: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def each_s(self) -> float:
        """Server time of a request, on average."""
        return self._execution_s / self._requests

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def look(self) -> dict[str, Any]:
        """What the meter says now; nothing before the first request."""
        meters = list(User(self.url).control("GET", "limits")["users"].values())
        return dict(meters[0]) if meters else {"execution_s": 0.0, "requests": 0}

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            used = self.look()
            self._execution_s += used["execution_s"]
            self._requests += used["requests"]


@contextmanager
def _helpers(env: Mapping[str, str]) -> Iterator[None]:
    """Services that take part, each as soon as it is ready."""
    with ExitStack() as stack:
        for _ in range(PROCESSES - 1):
            port = _free_port()
            arguments = ("serve", "--no-timers", "--port", str(port))
            process = stack.enter_context(running("bench.shrunk", *arguments, env=env))
            await_health(process, f"http://127.0.0.1:{port}/api/health")
        yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(arguments: Sequence[str]) -> int:
    """Measure once, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.throttling", description=__doc__)
    parser.add_argument("--shorter", type=int, default=SHORTER)
    parser.add_argument("--answer", type=float, default=ANSWER_S)
    parser.add_argument("--accounts", type=int, default=6_000)
    told = parser.parse_args(arguments)
    size = Size(told.accounts, 10 * told.accounts, 2 * told.accounts)
    with tempfile.TemporaryDirectory(prefix="bench-throttling-") as folder:
        ran = measure(Path(folder), size, Window(told.shorter, told.answer))
    sys.stdout.write(f"{ran.ratio:.3f} of the least time: {ran}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
