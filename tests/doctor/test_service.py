"""The service asked by doctor: a real one on this machine, with the right key and with another."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from functions import TRIGGERS
from gradesys.dataverse.deltas import Deltas
from gradesys.doctor import Cause, Status
from gradesys.host import web
from gradesys.records import Key, KeyKind
from tests.doctor.installation import KEY, NEXT_KEY, Installation, told
from tests.emulator.serving import OrgServer
from tests.engine.world import small_org
from tests.functions.test_triggers import MemoryApp


@contextmanager
def serving(app: MemoryApp) -> Iterator[str]:
    """The service's HTTP triggers on a free port."""
    config = uvicorn.Config(web(TRIGGERS, app), "127.0.0.1", 0, log_level="critical", http="h11")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        (port,) = (socket.getsockname()[1] for each in server.servers for socket in each.sockets)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def test_a_service_that_is_green_and_accepts_the_key_is_fine(
    installation: Installation, tmp_path: Path
) -> None:
    app = MemoryApp(tmp_path / "service", small_org(), keys=(KEY,))
    with serving(app) as url:
        found = installation.findings(url)["service"].verdict
    assert (found.status, found.text) == (Status.OK, f"{url} is green")
    assert app.marks.stats().dirty == 0


def test_another_key_is_a_problem(installation: Installation, tmp_path: Path) -> None:
    app = MemoryApp(tmp_path / "service", small_org(), keys=(NEXT_KEY,))
    with serving(app) as url:
        status, text = told(installation.findings(url)["service"].verdict)
    assert (status, "answers 401 to our first webhook key" in text) == (Status.PROBLEM, True)
    assert KEY not in text


def test_a_colour_comes_with_its_reasons(installation: Installation, tmp_path: Path) -> None:
    app = MemoryApp(tmp_path / "service", small_org(), keys=(KEY,))
    app.marks.park(Key(KeyKind.TARGET, "account", "a"), "best", "text against number")
    with serving(app) as url:
        yellow = told(installation.findings(url)["service"].verdict)
        app.connection.sign_in.refused("401")
        red = told(installation.findings(url)["service"].verdict)
    assert (yellow[0], "gradesys parked list" in yellow[1]) == (Status.WARNING, True)
    assert (red[0], "sign-in is refused" in red[1]) == (Status.PROBLEM, True)


def test_a_service_that_does_not_answer_is_unreachable(installation: Installation) -> None:
    found = installation.findings("http://127.0.0.1:1")["service"].verdict
    assert (found.status, found.cause) == (Status.PROBLEM, Cause.UNREACHABLE)


def test_an_address_that_is_no_address_is_a_problem(installation: Installation) -> None:
    found = installation.findings("http://contoso.example")["service"].verdict
    assert (found.status, found.cause) == (Status.PROBLEM, Cause.CONFIGURATION)


@pytest.mark.parametrize(
    ("tracked", "expected"),
    [
        ({"account", "invoice"}, (Status.OK, "on for 2 tables")),
        ({"invoice"}, (Status.WARNING, "off for account, on for the others")),
        (set(), (Status.OK, "deploy apply --catch-up")),
    ],
)
def test_tracking_is_wanted_for_all_tables_or_for_none(
    installation: Installation,
    bare: OrgServer,
    monkeypatch: pytest.MonkeyPatch,
    tracked: set[str],
    expected: tuple[Status, str],
) -> None:
    if tracked != {"account", "invoice"}:
        monkeypatch.setattr(Deltas, "tracked", lambda deltas, tables: frozenset(tracked))
    found, text = told(installation.look("tracking"))
    assert (found, expected[1] in text) == (expected[0], True)
