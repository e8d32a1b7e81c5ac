"""A service that is started too early: before deploy, and while the org does not answer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests

from tests.canary import KEY
from tests.line.running import Json, Line, emulated, eventually, free_port
from tests.line.samples import small_sample


def first_unpaid(data: dict[str, list[Json]]) -> Json:
    """An open invoice of an active account."""
    active = {row["accountid"] for row in data["account"] if row["statecode"] == 0}
    return next(
        row
        for row in data["invoice"]
        if row["statecode"] == 0 and row["_customerid_value"] in active
    )


def test_the_first_event_after_a_late_deploy_is_not_lost(tmp_path: Path) -> None:
    data = small_sample(10)
    invoice = first_unpaid(data)
    with emulated(data, tmp_path) as url:
        line = Line(tmp_path, url, free_port())
        line.serve()
        try:
            base_url = f"http://127.0.0.1:{line.service_port}"
            line.gradesys("deploy", "apply", "--base-url", base_url)
            line.api("PATCH", f"invoices({invoice['invoiceid']})", {"statecode": 2})
            line.settle()
            account = f"accounts({invoice['_customerid_value']})?$select=gs_score"
            assert line.api("GET", account).json()["gs_score"] is not None
        finally:
            line.kill_service()


@pytest.mark.first
def test_an_org_that_does_not_answer_is_told_soon_and_waited_for(tmp_path: Path) -> None:
    port = free_port()
    line = Line(tmp_path, f"http://127.0.0.1:{port}", free_port())
    line.service = line.start("serve", "--port", str(line.service_port), "--no-timers")
    try:
        eventually(lambda: answer_of(line, "health") is not None)
        started = time.monotonic()
        assert answer_of(line, "health") == 503
        assert answer_of(line, "webhook") == 400
        assert time.monotonic() - started < 30
        with emulated({}, tmp_path, "--port", str(port)):
            eventually(lambda: answer_of(line, "health") == 200)
    finally:
        line.kill_service()


def answer_of(line: Line, route: str) -> int | None:
    """The status of an empty request; None while nobody listens."""
    method = "GET" if route == "health" else "POST"
    address = f"http://127.0.0.1:{line.service_port}/api/{route}"
    try:
        return requests.request(method, address, headers={"x-gs-key": KEY}, timeout=60).status_code
    except requests.ConnectionError:
        return None
