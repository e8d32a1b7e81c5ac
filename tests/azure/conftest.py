"""An emulated org that delivers to a door, and Microsoft's runtime with the app beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Key, KeyKind
from tests.azure.door import Door, open_door
from tests.azure.python313 import azure_python, require_python313
from tests.azure.runtime import Invoked, Request, Runtime, running
from tests.line.running import Json, Line, emulated, eventually

NOON = "2026-06-15T12:00:00+03:30"
ACCOUNTS = 4
TYPE = "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"


def account_id(number: int) -> str:
    return str(UUID(int=0xAC << 120 | number))


def invoice_id(number: int) -> str:
    return str(UUID(int=0x1D << 120 | number))


def _rows() -> dict[str, list[Json]]:
    """Accounts with one unpaid invoice each, worth 70 of 100 points when it is paid."""
    numbers = range(1, ACCOUNTS + 1)
    accounts = [{"accountid": account_id(n), "name": f"شرکت {n}", "statecode": 0} for n in numbers]
    amounts = {"totalamount": 500_000, "totalamount_base": 500_000, "statecode": 0}
    invoices = [
        {"invoiceid": invoice_id(n), "_customerid_value": account_id(n), TYPE: "account", **amounts}
        for n in numbers
    ]
    return {"account": accounts, "invoice": invoices}


@dataclass(frozen=True, slots=True)
class Azure:
    """An org with everything registered, what it delivers, and the app in Microsoft's runtime."""

    line: Line
    door: Door
    runtime: Runtime

    def deliver(self, function: str, method: str, path: str, body: Json) -> Invoked:
        """Let a CRM user send this; what the org delivers for it goes to the function."""
        return self.runtime.request(function, self.caught(method, path, body))

    def caught(self, method: str, path: str, body: Json) -> Request:
        """The one delivery that follows a request of a CRM user."""
        before = len(self.door.delivered)
        answer = self.line.api(method, path, body)
        assert answer.status_code < 300, answer.text
        settled = self.line.session.post(f"{self.line.url}/_emulator/settle?timeout=60", timeout=90)
        assert settled.status_code == 200, settled.text
        (delivery,) = self.door.delivered[before:]
        return delivery

    def score(self, number: int) -> Json:
        """The stored score and grade of an account."""
        columns = ("gs_score", "gs_grade")
        path = f"accounts({account_id(number)})?$select={','.join(columns)}"
        row = self.line.api("GET", path).json()
        return {column: row[column] for column in columns}

    def work_off(self) -> bool:
        """Send the worker one message; whether nothing waits any more."""
        self.runtime.message("worker", "ring")
        return self.marks().stats().dirty == 0

    def waiting(self, kind: KeyKind, id_: str) -> bool:
        """Whether the file of marks holds this key of the account table."""
        key = Key(kind, "account", id_)
        return self.marks().waiting([key]) == {key}

    def marks(self) -> SqliteMarks:
        """The marks, as another process on the same file sees them."""
        return SqliteMarks(Database(self.line.folder / "work.sqlite"))


@pytest.fixture(scope="session")
def python313() -> Path:
    return azure_python(require_python313(os.environ))


@pytest.fixture(scope="module")
def shared(python313: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    folder = tmp_path_factory.mktemp("azure")
    with open_door() as door, emulated(_rows(), folder) as url:
        line = Line(folder, url, door.port, {"GRADESYS_NOW": NOON})
        line.gradesys("deploy", "apply", "--base-url", f"http://127.0.0.1:{door.port}")
        with running(python313, line.environment, folder / "worker.log") as runtime, line.session:
            yield Azure(line, door, runtime)


@pytest.fixture
def azure(shared: Azure) -> Azure:
    """The shared org and runtime, with nothing left to do from the test before."""
    eventually(shared.work_off)
    return shared
