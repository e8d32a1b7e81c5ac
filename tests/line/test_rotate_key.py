"""The key is rotated while events keep coming: none is refused, also when a command is killed."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.canary import KEY
from tests.line.running import ROOT, Line, eventually, running_line
from tests.line.samples import small_sample

pytestmark = pytest.mark.long

OLD = (KEY, "second-key")


@dataclass
class Rotation:
    """A line whose service runs and gets events all the time; ``log`` is what it wrote."""

    line: Line
    log: Path
    secret: Path
    edits: int = 0
    accepted: int = 0

    def command(self, *arguments: str, code: int = 0) -> str:
        return self.line.gradesys("rotate-key", *arguments, code=code)

    def kill_start_half_way(self) -> None:
        """Kill it when the service knows the key and Dataverse does not send it."""
        words = ["rotate-key", "start", "--key-file", str(self.secret)]
        command = [sys.executable, "-m", "gradesys", *words]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.line.environment, stdout=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout is not None
            for said in running.stdout:
                if said.startswith("1."):
                    running.kill()

    def uses(self) -> Counter[str]:
        """How many requests came with each key, by mark."""
        address = f"http://127.0.0.1:{self.line.service_port}/api/health"
        return Counter(self.line.session.get(address, timeout=30).json()["keys"])

    def coming(self) -> set[str]:
        """The marks of the keys that some further events come with."""
        before = self.uses()
        eventually(lambda: (self.uses() - before).total() >= 5)
        return set(self.uses() - before)

    def answer(self, key: str) -> int:
        """What the service says to a body without sense, sent with this key."""
        address = f"http://127.0.0.1:{self.line.service_port}/api/webhook"
        answer = requests.post(address, b"{}", headers={"x-gs-key": key}, timeout=30)
        self.accepted += answer.status_code == 400
        return answer.status_code

    @contextmanager
    def serving(self) -> Iterator[None]:
        words = ["--verbose", "serve", "--no-timers", "--port", str(self.line.service_port)]
        with self.log.open("w") as stream:
            self.line.service = subprocess.Popen(
                [sys.executable, "-m", "gradesys", *words],
                cwd=ROOT,
                env=self.line.environment,
                text=True,
                stderr=stream,
            )
            eventually(lambda: self.line.healthy())
            yield
            self.line.kill_service()

    @contextmanager
    def editing(self) -> Iterator[None]:
        """Change invoices, one after the other, while the block lasts."""
        stop = threading.Event()
        invoices = [row["invoiceid"] for row in self.line.rows("invoices?$select=invoiceid")]
        user = requests.Session()

        def edit() -> None:
            while not stop.wait(0.05):
                address = f"invoices({invoices[self.edits % len(invoices)]})"
                url = f"{self.line.url}/api/data/v9.2/{address}"
                body = {"totalamount": self.edits}
                user.patch(url, json=body, timeout=60).raise_for_status()
                self.edits += 1

        thread = threading.Thread(target=edit)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            user.close()


@pytest.fixture(scope="module")
def rotation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rotation]:
    folder = tmp_path_factory.mktemp("rotation")
    with running_line(small_sample(20), folder) as line:
        rotation = Rotation(line, folder / "serve.log", folder / "new.key")
        with rotation.serving():
            yield rotation


def test_a_key_is_rotated_while_events_keep_coming(rotation: Rotation) -> None:
    with rotation.editing():
        (old,) = rotation.coming()
        rotation.kill_start_half_way()
        assert rotation.coming() == {old}
        rotation.command("finish", "--quiet", "0", code=1)
        said = rotation.command("start", "--key-file", str(rotation.secret))
        assert "2 endpoints changed" in said
        eventually(lambda: old not in rotation.coming())
        (new,) = rotation.coming()
        key = rotation.secret.read_text(encoding="utf-8").strip()
        rotation.command("finish", "--quiet", "0", code=1)  # whose settings lack the new key
        rotation.line.extra = {"GRADESYS_WEBHOOK_KEYS": ",".join((key, *OLD))}
        rotation.command("finish", code=1)  # an event came with the old one a moment ago
        assert f"{old}  last used 2" in rotation.command("status")
        said += rotation.command("finish", "--quiet", "0") + rotation.command("finish")
        eventually(lambda: rotation.answer(KEY) == 401)
        plan = ("deploy", "plan", "--base-url", f"http://127.0.0.1:{rotation.line.service_port}")
        rotation.line.gradesys(*plan)
        rotation.line.extra = {}
        rotation.line.gradesys(*plan, code=3)  # it would register a dropped key
        assert rotation.coming() == {new} != {old}
    rotation.line.settle()
    _judge(rotation, key, said)


def _judge(rotation: Rotation, key: str, said: str) -> None:
    log = rotation.log.read_text(encoding="utf-8")
    answers = Counter(re.findall(r"answered (\d+)", log))
    print(f"rotation: {rotation.edits} edits, refused by the service: {dict(answers)}")
    assert answers["400"] == 2 + rotation.accepted  # the command knocks at two endpoints
    assert answers.keys() <= {"400", "401"}
    assert rotation.answer("second-key") == 401
    assert rotation.line.stats()["webhooks"]["failed"] == 0
    assert not [word for word in (key, *OLD) if word in log + said]
    assert rotation.secret.stat().st_mode & 0o777 == 0o600
