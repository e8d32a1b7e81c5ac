"""Microsoft's runtime as a test holds it: a process with the app in it, invoked by trigger."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.azure.python313 import ROOT

Json = dict[str, Any]
PATIENCE_S = 120.0
TICK = {
    "Schedule": {"AdjustForDST": True},
    "ScheduleStatus": {
        "Last": "2026-06-15T08:29:00+00:00",
        "Next": "2026-06-15T08:30:00+00:00",
        "LastUpdated": "2026-06-15T08:29:00+00:00",
    },
    "IsPastDue": False,
}
"""What the host sends to a timer."""
TIMES = {
    "InsertionTime": "2026-06-15T08:30:00+00:00",
    "NextVisibleTime": "2026-06-15T08:30:30+00:00",
    "ExpirationTime": "2026-06-22T08:30:00+00:00",
}


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as it came in: ``path`` with its query, and the raw body."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Invoked:
    """How an invocation ended; ``status`` and ``body`` are those of an HTTP reply."""

    succeeded: bool
    error: str = ""
    status: int = 0
    body: Any = None


class Runtime:
    """A running worker. ``functions`` are those it indexed: name and bindings."""

    def __init__(self, python: Path, process: subprocess.Popen[str], log: Path) -> None:
        self.python = python
        self._process = process
        self._log = log
        ready = self._answer()
        self.functions: list[Json] = ready["functions"]
        self.versions: dict[str, str] = ready["versions"]

    def request(self, function: str, request: Request) -> Invoked:
        """Fire an HTTP trigger."""
        sent = {
            "method": request.method,
            "url": f"http://127.0.0.1{request.path}",
            "headers": dict(request.headers),
            "query": {},
            "body": base64.b64encode(request.body).decode(),
        }
        return self._invoke(function, {"http": sent}, {})

    def message(self, function: str, text: str) -> Invoked:
        """Fire a queue trigger, as the host does for a message's first delivery."""
        names = {"Id": str(uuid.uuid4()), "DequeueCount": "1", "PopReceipt": "AgAAAAMAAAAAAAAA"}
        return self._invoke(function, {"string": text}, {**names, **TIMES, "QueueTrigger": text})

    def tick(self, function: str) -> Invoked:
        """Fire a timer."""
        return self._invoke(function, {"json": json.dumps(TICK)}, {})

    def _invoke(self, function: str, data: Json, metadata: Mapping[str, str]) -> Invoked:
        commands = self._process.stdin
        assert commands is not None
        asked = {"function": function, "data": data, "metadata": metadata}
        commands.write(f"{json.dumps(asked)}\n")
        commands.flush()
        answer = self._answer()
        http = answer.get("http")
        if http is None:
            return Invoked(answer["succeeded"], answer.get("error", ""))
        return Invoked(True, "", int(http["status"]), json.loads(http["body"]))

    def _answer(self) -> Json:
        """The next line; a worker that is silent for too long is ended."""
        answers = self._process.stdout
        assert answers is not None
        alarm = threading.Timer(PATIENCE_S, self._process.kill)
        alarm.start()
        line = answers.readline()
        alarm.cancel()
        assert line, f"the worker ended:\n{self._log.read_text(encoding='utf-8')[-4000:]}"
        answer: Json = json.loads(line)
        return answer


@contextmanager
def running(python: Path, environment: Mapping[str, str], log: Path) -> Iterator[Runtime]:
    """The app inside Microsoft's runtime while the block lasts; what it logs goes to a file."""
    command = [str(python), "-m", "tests.azure.driver"]
    pipe = subprocess.PIPE
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=errors, text=True
        ) as process,
    ):
        try:
            yield Runtime(python, process, log)
        finally:
            process.kill()
