"""The demo's stage: an emulated org with the sample rows, and the service beside it.

A step prints what it did and how long it took, so that the whole reads as a timeline.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from msgspec import Struct
from msgspec.structs import replace

from gradesys.demo.furnishing import furnish
from gradesys.demo.packs import active_models, write_rules
from gradesys.demo.processes import ROOT, output_of, running
from gradesys.demo.user import User
from gradesys.demo.views import show
from gradesys.errors import GradesysError
from gradesys.rules.model import RuleModel

PATIENCE_S = 30.0
POLL_S = 0.05
SHARES = os.name == "posix"
"""Elsewhere a port that is held cannot be listened on."""
Say = Callable[[str], None]


class Sample(Struct, frozen=True):
    """How many accounts the org has, where it is served (port 0: a free one), and a pack to show
    with those that it reads."""

    accounts: int
    port: int = 0
    pack: tuple[RuleModel, ...] = ()


class Stage(Struct, frozen=True):
    """A running emulator at ``url``, and the environment and the port of the service."""

    url: str
    env: Mapping[str, str]
    service_port: int
    say: Say

    def gradesys(self, *arguments: str) -> str:
        """Run a gradesys command; its standard output."""
        return output_of("gradesys", *arguments, env=self.env)

    def deploy(self) -> str:
        """Deploy the rules for a service on this stage; what was done."""
        base = f"http://127.0.0.1:{self.service_port}"
        return self.gradesys("deploy", "apply", "--base-url", base, "--yes").strip()

    def resync(self) -> dict[str, Any]:
        """Recompute everything; the JSON of the command."""
        answer: dict[str, Any] = json.loads(self.gradesys("resync", "--json"))
        return answer

    @contextmanager
    def service(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """The service while the block lasts, from the moment it accepts events."""
        port = str(self.service_port)
        with running("gradesys", "serve", "--port", port, *options, env=self.env) as process:
            await_health(process, f"http://127.0.0.1:{port}/api/health")
            yield process


@contextmanager
def staged(folder: Path, sample: Sample, say: Say) -> Iterator[Stage]:
    """Write the sample org, start the emulator on it and deploy the rules."""
    data = folder / "org.json"
    rows = ("all",) if sample.pack else ()
    output_of("emulator.sample", str(data), str(sample.accounts), *rows, env=_environment())
    say(f"sample org written: {sample.accounts:,} accounts and their papers")
    with emulated(folder, say, "--port", str(sample.port), "--data", str(data)) as stage:
        say(f"Dataverse emulator ready on {stage.url}")
        stage = _with_pack(stage, folder, sample.pack) if sample.pack else stage
        say("deploy: " + stage.deploy())
        show(User(stage.url), sample.pack or active_models())
        yield stage


@contextmanager
def emulated(folder: Path, say: Say, *options: str) -> Iterator[Stage]:
    """An emulator that keeps ``org.db`` in the folder; nothing is deployed yet."""
    arguments, pipe = ("--db", str(folder / "org.db"), *options), subprocess.PIPE
    with (
        _reserved_port() as port,
        running("emulator", *arguments, env=_environment(), stdout=pipe) as process,
    ):
        url = _address(process)
        yield Stage(url, _environment(**_settings(folder, url)), port, say)


def _with_pack(stage: Stage, folder: Path, pack: tuple[RuleModel, ...]) -> Stage:
    """The same stage under the pack's rules, its own columns made."""
    rules, made = write_rules(folder, pack), furnish(User(stage.url), pack, datetime.now(UTC))
    stage.say(f"rules written: {', '.join(model.id for model in pack)}; {made}")
    return replace(stage, env={**stage.env, "GRADESYS_RULES": str(rules)})


def _address(process: subprocess.Popen[str]) -> str:
    """What the emulator says when it accepts requests; nothing when it ended before that."""
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("emulator ready on "):
        raise GradesysError("the emulator did not start")
    return line.removeprefix("emulator ready on ").strip()


def _settings(folder: Path, url: str) -> dict[str, str]:
    return {
        "GRADESYS_DATAVERSE_URL": url,
        "GRADESYS_AUTH": "none",
        "GRADESYS_RULES": str(ROOT / "config" / "rules"),
        "GRADESYS_WORK": str(folder / "work.sqlite"),
        "GRADESYS_WEBHOOK_KEYS": secrets.token_urlsafe(24),
    }


def _environment(**settings: str) -> dict[str, str]:
    """The environment of a child: settings of a real org never reach the demo."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GRADESYS_")}
    return inherited | {"PYTHONUTF8": "1"} | settings


@contextmanager
def _reserved_port() -> Iterator[int]:
    """A port that the system gives to nobody else while the block lasts; the service, which may
    share it because it does not listen yet, starts only after a deploy that takes seconds."""
    with socket.socket() as holder:
        if SHARES:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port: int = holder.getsockname()[1]
        if not SHARES:
            holder.close()
        yield port


def await_health(process: subprocess.Popen[str], address: str) -> None:
    """Wait until a service accepts events. Raises GradesysError when it ends before that."""
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(address, timeout=PATIENCE_S).ok:
                return
        except requests.ConnectionError:
            time.sleep(POLL_S)
    raise GradesysError("the service did not start")
