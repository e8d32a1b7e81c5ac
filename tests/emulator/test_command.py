"""`python -m emulator`: its options, its one line of output, and what a database keeps."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator.__main__ import main

ACCOUNT = "ac000000-0000-4000-8000-000000000001"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    rows = {
        "account": [{"accountid": ACCOUNT, "name": "نمونه", "createdon": "2020-01-01T00:00:00Z"}]
    }
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


@contextmanager
def running(*arguments: object) -> Iterator[str]:
    """The address of the Web API of a process of its own."""
    command = [sys.executable, "-m", "emulator", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready, _, url = process.stdout.readline().strip().rpartition(" ")
            assert ready == "emulator ready on"
            yield f"{url}/api/data/v9.2/"
        finally:
            process.terminate()


def rows(api: str, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = requests.get(api + path, timeout=30).json()["value"]
    return found


def test_it_listens_on_loopback_and_stores_data_as_given(data: Path) -> None:
    with running("--data", data) as api:
        assert api.startswith("http://127.0.0.1:")
        (row,) = rows(api, "accounts?$select=name,createdon")
    assert (row["name"], row["createdon"]) == ("نمونه", "2020-01-01T00:00:00Z")


def test_the_clock_of_every_stamp_can_be_set() -> None:
    with running("--now", "2026-03-01T12:00:00+03:30") as api:
        requests.post(f"{api}accounts", json={"name": "a"}, timeout=30)
        (row,) = rows(api, "accounts?$select=createdon,modifiedon")
    assert row["createdon"] == row["modifiedon"] == "2026-03-01T08:30:00Z"


def test_a_database_keeps_rows_and_data_is_loaded_only_into_an_empty_one(
    data: Path, tmp_path: Path
) -> None:
    arguments = ("--db", tmp_path / "org.db", "--data", data)
    with running(*arguments) as api:
        requests.patch(f"{api}accounts({ACCOUNT})", json={"name": "kept"}, timeout=30)
    with running(*arguments) as api:
        assert [row["name"] for row in rows(api, "accounts?$select=name")] == ["kept"]


def test_closed_rows_are_read_only_when_asked_for() -> None:
    with running("--strict-closed") as api:
        made = requests.post(f"{api}invoices", json={"name": "i", "statecode": 2}, timeout=30)
        url = made.headers["OData-EntityId"]
        assert requests.patch(url, json={"name": "x"}, timeout=30).status_code == 400


@pytest.mark.parametrize(
    "text", ["{", '{"nowhere": []}', '{"account": [{"name": "without an id"}]}']
)
def test_data_that_cannot_be_loaded_ends_the_program_with_a_reason(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "data.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"data\.json: "):
        main(["--port", "0", "--data", str(path)])
