"""``gradesys smoke`` as it is typed: what it prints, and what it leaves when it is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import requests

from gradesys.smoke import QUESTIONS, Ear, Question
from gradesys.smoke.cleanup import KINDS
from gradesys.smoke.question import Answer
from tests.cli.running import left
from tests.clock import Clock
from tests.emulator.conftest import start_server
from tests.emulator.serving import OrgServer

__all__ = ["start_server"]

QUICK = tuple(q for q in QUESTIONS if q.name in ("update-multiple", "languages"))


@pytest.fixture
def server(start_server: Callable[..., OrgServer], monkeypatch: pytest.MonkeyPatch) -> OrgServer:
    """An emulator that is asked two questions only, and nobody waits for."""
    server, clock = start_server(), Clock()

    def sleep(seconds: float) -> None:
        requests.post(f"{server.url}/_emulator/settle", timeout=40)
        clock.forward(seconds)

    monkeypatch.setattr("gradesys.smoke.Ear", partial(Ear, clock=clock, sleep=sleep))
    monkeypatch.setattr("gradesys.smoke.QUESTIONS", QUICK)
    return server


def remains(server: OrgServer) -> int:
    found = 0
    for entity_set, key, name, begins in KINDS:
        where = f"?$select={key}&$filter=startswith({name},'{begins}')"
        found += len(server.get(f"{entity_set}{where}")["value"])
    return found


def settings(server: OrgServer) -> dict[str, str]:
    return {"GRADESYS_DATAVERSE_URL": server.url, "GRADESYS_AUTH": "none"}


def test_it_prints_a_table_shows_how_far_it_is_and_leaves_nothing(
    server: OrgServer, tmp_path: Path
) -> None:
    done = left(tmp_path, "smoke", **settings(server))
    assert done.code == 0
    assert "[1/2] Does a bulk update" in done.err and "[2/2]" in done.err
    for word in ("question", "answer", "seen", "what it means", "yes", "1 event"):
        assert word in done.out
    assert remains(server) == 0


def test_json_tells_the_same(server: OrgServer, tmp_path: Path) -> None:
    done = left(tmp_path, "smoke", "--json", **settings(server))
    told = json.loads(done.out)["questions"]
    assert [(each["name"], each["answer"]) for each in told] == [
        ("update-multiple", "yes"),
        ("languages", "yes"),
    ]
    assert all(each["means"] and each["seen"] for each in told)


def test_ctrl_c_sweeps_too(
    server: OrgServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(bench: object) -> Answer:
        assert remains(server) > 0
        raise KeyboardInterrupt

    stopping = Question("stop", "Stop?", interrupted, "", "")
    monkeypatch.setattr("gradesys.smoke.QUESTIONS", (*QUICK, stopping))
    done = left(tmp_path, "smoke", **settings(server))
    assert (done.code, done.out) == (130, "")
    assert remains(server) == 0


def test_cleanup_deletes_what_an_earlier_run_left_and_nothing_else(
    server: OrgServer, tmp_path: Path
) -> None:
    for name in ("gradesys smoke 1234", "gradesys smoking", "A gradesys smoke"):
        server.create("accounts", name=name)
    done = left(tmp_path, "smoke", "--cleanup", **settings(server))
    assert (done.code, remains(server)) == (0, 0)
    assert {row["name"] for row in server.get("accounts?$select=name")["value"]} == {
        "gradesys smoking",
        "A gradesys smoke",
    }


def test_what_may_be_production_is_refused_before_anything_is_made(
    server: OrgServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradesys.smoke.place.kind_of", lambda client: "Secondary")
    refused = left(tmp_path, "smoke", **settings(server))
    assert (refused.code, "type Secondary" in refused.err) == (3, True)
    assert left(tmp_path, "smoke", "--yes", **settings(server)).code == 0
