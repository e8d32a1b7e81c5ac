"""A line that runs: an emulated org with the demo's rules deployed, and the service beside it.

Everything is its own process on a free port of 127.0.0.1, as an operator would have it, so that
tests can kill any of them.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from gradesys.marks.protocols import Marks
from gradesys.settings import read_settings
from gradesys.work import open_work
from tests import canary
from tests.canary import KEY as KEY

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
Json = dict[str, Any]


@dataclass
class Line:
    """A running org and what talks to it."""

    folder: Path
    url: str
    service_port: int
    extra: Mapping[str, str] = field(default_factory=dict)
    service: subprocess.Popen[str] | None = None
    program: Sequence[str] = ("gradesys",)
    """The module that is started as gradesys, and arguments ahead of its own."""
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of gradesys processes."""
        settings = {
            "GRADESYS_DATAVERSE_URL": self.url,
            "GRADESYS_AUTH": "none",
            "GRADESYS_RULES": str(ROOT / "config" / "rules"),
            "GRADESYS_WORK": str(self.folder / "work.sqlite"),
            "GRADESYS_WEBHOOK_KEYS": f"{KEY},second-key",
        }
        return {**os.environ, **settings, **self.extra}

    def gradesys(self, *arguments: str, code: int = 0) -> str:
        """Run a command to its end; the exit code must be as expected. Returns stdout."""
        done = subprocess.run(
            [sys.executable, "-m", "gradesys", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, (
            f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        if arguments[0] != "explain":  # what it says about a record is for the person who asks
            canary.keep("commands", done.stdout + done.stderr)
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a gradesys command and leave it running."""
        with (canary.log_file("processes") or Path(os.devnull)).open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *self.program, "--verbose", *arguments],
                cwd=ROOT,
                env=self.environment,
                text=True,
                stdout=log,
                stderr=log,
            )

    def resync(self, *arguments: str) -> Json:
        """Run a resync; its JSON."""
        answer: Json = json.loads(self.gradesys("resync", "--json", *arguments))
        return answer

    @cached_property
    def marks(self) -> Marks:
        """The service's marks: a command for each look would take its time from the service."""
        return open_work(read_settings(self.environment)).marks

    def serve(self) -> None:
        """Start the service and wait until it accepts events."""
        self.service = self.start("serve", "--port", str(self.service_port), "--no-timers")
        eventually(self.healthy)

    def healthy(self) -> bool:
        """Whether it accepts events."""
        try:
            address = f"http://127.0.0.1:{self.service_port}/api/health"
            return self.session.get(address, timeout=5).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False

    def kill_service(self) -> None:
        """End the service without warning."""
        if self.service is not None:
            self.service.kill()
            self.service.wait()
            self.service = None

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """A request of a CRM user."""
        address = f"{self.url}/api/data/v9.2/{path}"
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, address, json=body, headers=given, timeout=60)

    def rows(self, path: str) -> list[Json]:
        """All rows of a query, over all pages, with lookup types."""
        annotations = "Microsoft.Dynamics.CRM.lookuplogicalname"
        prefer = f'odata.maxpagesize=5000,odata.include-annotations="{annotations}"'
        rows: list[Json] = []
        address: str | None = f"{self.url}/api/data/v9.2/{path}"
        while address:
            answer = self.session.get(address, headers={"Prefer": prefer}, timeout=60)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            rows += page["value"]
            address = page.get("@odata.nextLink")
        return rows

    def settle(self) -> None:
        """Wait until no webhook is under way and no key is dirty."""
        settled = self.session.post(f"{self.url}/_emulator/settle?timeout=60", timeout=90)
        assert settled.status_code == 200, settled.text
        eventually(lambda: self.marks.stats().dirty == 0, 4 * PATIENCE_S)

    def stats(self) -> Json:
        """What the emulator counted."""
        answer: Json = self.session.get(f"{self.url}/_emulator/stats", timeout=30).json()
        return answer

    def note_canaries(self) -> None:
        """Tell which canaries the service was sent, if this org holds any."""
        if self.stats()["webhooks"]["sent"]:
            canary.note("key", KEY)
        for row in self.rows("invoices?$select=name,totalamount"):
            if row["name"] == canary.NAME:
                canary.note("name", row["name"])
                canary.note("amount", str(row["totalamount"]))

    def reset_stats(self) -> None:
        """Count from zero."""
        self.session.post(f"{self.url}/_emulator/stats/reset", timeout=30)

    def faults(self, **faults: Any) -> None:
        """Replace the emulator's faults."""
        answer = self.session.post(f"{self.url}/_emulator/faults", json=faults, timeout=30)
        assert answer.status_code < 300, answer.text


def eventually(condition: Any, patience_s: float = PATIENCE_S) -> None:
    """Poll until the condition holds; real processes have no other way to be waited for."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def emulated(data: Mapping[str, Sequence[Json]], folder: Path, *options: str) -> Iterator[str]:
    """An emulator process with these rows; its address."""
    file = folder / "data.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    command = [sys.executable, "-m", "emulator", "--port", "0", "--data", str(file), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _ready_line(process).rsplit(" ", 1)[-1].strip()
        finally:
            process.kill()


def _ready_line(process: subprocess.Popen[str]) -> str:
    lines: queue.Queue[str] = queue.Queue()
    output = process.stdout
    assert output is not None
    threading.Thread(target=lambda: lines.put(output.readline()), daemon=True).start()
    line = lines.get(timeout=PATIENCE_S)
    assert line.startswith("emulator ready"), f"the emulator did not start: {line!r}"
    return line


@contextmanager
def running_line(
    data: Mapping[str, Sequence[Json]], folder: Path, *options: str, **extra: str
) -> Iterator[Line]:
    """An emulated org with everything deployed; nothing scored yet, no service yet."""
    with emulated(data, folder, *options) as url:
        line = Line(folder, url, free_port(), extra)
        try:
            line.gradesys("deploy", "apply", "--base-url", f"http://127.0.0.1:{line.service_port}")
            yield line
            line.note_canaries()
        finally:
            line.kill_service()
            line.session.close()
