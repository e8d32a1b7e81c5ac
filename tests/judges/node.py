"""dynamics-web-api in a Node.js process of its own, spoken to in lines of JSON."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.judges.conftest import Organisation
from tests.node import NODE

HERE = Path(__file__).parent
PACKAGE = HERE / "node_modules" / "dynamics-web-api"


class Refusal(Exception):
    """What the client threw: the status of the answer, 0 without one, and the code in it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Call:
    """A method of the client with its request, as JSON."""

    method: str
    request: Mapping[str, Any]

    def line(self) -> list[Any]:
        return [self.method, self.request]


@dataclass(frozen=True, slots=True)
class Client:
    """A running client; each method waits for the answer."""

    process: subprocess.Popen[str]

    def call(self, method: str, *given: object, **request: object) -> Any:
        """What a method answers; ``given`` follow its request. Raises Refusal."""
        return self._ask({"calls": [[method, request, *given]]})

    def batch(self, *calls: Call, in_change_set: bool = True) -> list[Any]:
        """What the methods answer when they are sent as one batch. Raises Refusal."""
        lines = [call.line() for call in calls]
        found: list[Any] = self._ask({"calls": lines, "batch": {"inChangeSet": in_change_set}})
        return found

    def _ask(self, question: Mapping[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise Refusal(**answer["error"])
        return answer["value"]


@contextmanager
def start_client(organisation: Organisation) -> Iterator[Client]:
    """Node.js with the client in it, signed in and trusting the organisation's certificate."""
    assert PACKAGE.exists(), "dynamics-web-api is not installed: run python dev.py test"
    environment = {
        **os.environ,
        "NODE_EXTRA_CA_CERTS": str(organisation.authority),
        "ORGANISATION": organisation.url,
        "TOKEN": organisation.token(),
    }
    command = [str(NODE), str(HERE / "dynamics_web_api.mjs")]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        yield Client(process)
