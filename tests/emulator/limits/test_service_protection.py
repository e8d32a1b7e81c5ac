"""The limits over HTTP: 429 with Retry-After, what a batch costs, and what answers tell."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from emulator.entrance import Access
from tests.emulator.limits.conftest import error_of
from tests.emulator.serving import OrgServer

USER = "9c1b7f10-77aa-4e0e-b1d5-51a7c0de0001"


@pytest.fixture(scope="module")
def guarded(start_guarded: Callable[..., OrgServer]) -> OrgServer:
    return start_guarded(Access())


@pytest.fixture
def server(guarded: OrgServer) -> Iterator[OrgServer]:
    guarded.send("POST", f"{guarded.url}/_emulator/stats/reset")
    yield guarded
    limit(guarded)


def limit(server: OrgServer, **limits: Any) -> None:
    plan = {"limits": limits} if limits else {}
    answer = server.send("POST", f"{server.url}/_emulator/faults", plan)
    assert answer.status_code == 200, answer.text


def used(server: OrgServer) -> dict[str, Any]:
    found: dict[str, Any] = server.get(f"{server.url}/_emulator/limits")["users"][USER]
    return found


def batch(server: OrgServer, *lines: str) -> requests.Response:
    parts = [
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"{line} HTTP/1.1\r\n\r\n\r\n"
        for line in lines
    ]
    return server.session.post(
        f"{server.api}$batch",
        data="".join(parts) + "--b--\r\n",
        headers={"Content-Type": "multipart/mixed; boundary=b"},
        timeout=30,
    )


def test_a_refusal_names_the_limit_and_when_to_come_back(server: OrgServer) -> None:
    limit(server, requests=2, window_s=300)
    server.get("WhoAmI")
    server.get("WhoAmI")
    refusal = server.send("POST", "accounts", {"name": "a"})
    assert error_of(refusal) == (429, "0x80072322")
    assert refusal.headers["Retry-After"] == "300"
    assert refusal.headers["x-ms-ratelimit-burst-remaining-xrm-requests"] == "0"


def test_a_refused_request_changes_nothing_and_is_counted_as_throttled(server: OrgServer) -> None:
    limit(server, requests=1, window_s=300)
    server.get("WhoAmI")
    assert server.send("POST", "accounts", {"name": "a"}).status_code == 429
    stats = server.get(f"{server.url}/_emulator/stats")
    assert (stats["throttled"], stats["rows_written"], stats["by_kind"]) == (
        1, 0, {"function": 1},
    )  # fmt: skip


def test_answers_tell_what_is_left_only_while_limits_are_in_force(server: OrgServer) -> None:
    limit(server, requests=6000, execution_s=1200, concurrent=4, window_s=300)
    headers = server.send("GET", "accounts").headers
    assert headers["x-ms-ratelimit-burst-remaining-xrm-requests"] == "5999"
    assert headers["x-ms-ratelimit-time-remaining-xrm-requests"].startswith("1,")
    assert headers["x-ms-dop-hint"] == "4"
    limit(server)
    assert (
        "x-ms-ratelimit-burst-remaining-xrm-requests" not in server.send("GET", "accounts").headers
    )


def test_the_affinity_cookie_is_given_once(server: OrgServer) -> None:
    first = requests.get(f"{server.api}WhoAmI", timeout=30)
    assert "ARRAffinity=" in first.headers["Set-Cookie"]
    again = requests.get(f"{server.api}WhoAmI", cookies=first.cookies, timeout=30)
    assert "Set-Cookie" not in again.headers


def test_more_requests_at_once_than_allowed_are_refused(server: OrgServer) -> None:
    slow = {"rules": [{"delay_ms": 2000}], "limits": {"concurrent": 3, "window_s": 300}}
    server.send("POST", f"{server.url}/_emulator/faults", slow)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: requests.get(f"{server.api}WhoAmI", timeout=30), range(8))
        )
    refused = [error_of(answer) for answer in answers if answer.status_code != 200]
    assert refused == [(429, "0x80072326")] * 5
    assert used(server)["max_in_flight"] == 3


def test_a_batch_is_one_request_but_each_of_its_operations_is_charged(server: OrgServer) -> None:
    limit(server, requests=100, window_s=300)
    assert batch(server, *["GET WhoAmI"] * 5).status_code == 200
    assert {name: used(server)[name] for name in ("requests", "operations", "entitlement")} == {
        "requests": 1, "operations": 5, "entitlement": 5,
    }  # fmt: skip


def test_a_bulk_message_is_one_operation_but_each_of_its_rows_is_charged(
    server: OrgServer,
) -> None:
    ids = [server.create("accounts", name="a") for _ in range(3)]
    limit(server, requests=100, window_s=300)
    kind = "Microsoft.Dynamics.CRM.account"
    targets = [{"@odata.type": kind, "accountid": row_id, "name": "b"} for row_id in ids]
    path = "accounts/Microsoft.Dynamics.CRM.UpdateMultiple"
    assert server.send("POST", path, {"Targets": targets}).status_code == 204
    assert (used(server)["operations"], used(server)["entitlement"]) == (1, 3)


@pytest.mark.parametrize(("reads", "status"), [(100, 200), (101, 400)])
def test_a_batch_may_have_a_hundred_reads_while_limits_are_in_force(
    server: OrgServer, reads: int, status: int
) -> None:
    limit(server, requests=1000)
    assert batch(server, *["GET WhoAmI"] * reads).status_code == status


def test_without_limits_a_batch_may_have_more_reads(server: OrgServer) -> None:
    assert batch(server, *["GET WhoAmI"] * 101).status_code == 200


def test_server_time_is_charged_also_where_a_fault_makes_it(server: OrgServer) -> None:
    slow = {"rules": [{"delay_ms": 60}], "limits": {"execution_s": 0.05, "window_s": 300}}
    server.send("POST", f"{server.url}/_emulator/faults", slow)
    server.get("WhoAmI")
    assert error_of(server.send("GET", "WhoAmI")) == (429, "0x80072321")


def test_control_requests_are_never_limited(server: OrgServer) -> None:
    limit(server, requests=1)
    server.get("WhoAmI")
    assert [server.send("GET", f"{server.url}/_emulator/stats").status_code for _ in range(3)] == [
        200
    ] * 3


@pytest.mark.parametrize("limits", [{"requests": 0}, {"bursts": 1}, {"window_s": "5 minutes"}])
def test_limits_that_make_no_sense_are_refused(server: OrgServer, limits: dict[str, Any]) -> None:
    answer = server.send("POST", f"{server.url}/_emulator/faults", {"limits": limits})
    assert answer.status_code == 400
