"""The control routes: what is counted, and faults that look like the platform's."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.emulator.serving import OrgServer

ZERO = {"sent": 0, "failed": 0, "dropped": 0}


@pytest.fixture(scope="module")
def server(start_server: Callable[..., OrgServer]) -> OrgServer:
    return start_server()


@pytest.fixture
def control(server: OrgServer) -> Iterator["Control"]:
    control = Control(server)
    control.post("stats/reset")
    yield control
    control.post("faults", {})


class Control:
    """Speaks to `/_emulator/` of a server."""

    def __init__(self, server: OrgServer) -> None:
        self.server = server

    def post(self, path: str, body: Any = None) -> requests.Response:
        return self.server.send("POST", f"{self.server.url}/_emulator/{path}", body)

    def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = self.server.get(f"{self.server.url}/_emulator/stats")
        return found

    def fault(self, **rule: Any) -> None:
        assert self.post("faults", {"rules": [rule]}).status_code == 200

    def status(self, method: str = "GET", path: str = "WhoAmI", body: Any = None) -> int:
        return self.server.send(method, path, body).status_code


def batch(*lines: str) -> str:
    parts = [
        f"--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"{line} HTTP/1.1\r\n\r\n\r\n"
        for line in lines
    ]
    return "".join(parts) + "--b--\r\n"


def test_everything_is_zero_after_a_reset(control: Control) -> None:
    assert control.stats() == {
        "requests": 0, "operations": 0, "by_kind": {}, "max_in_flight": 0, "throttled": 0,
        "rows_written": 0, "webhooks": ZERO, "unsupported": 0,
    }  # fmt: skip


def test_requests_and_rows_are_counted_by_kind_and_control_requests_are_not(
    control: Control,
) -> None:
    account = control.server.create("accounts", name="a")
    control.status("PATCH", f"accounts({account})", {"name": "b"})
    control.status("GET", f"accounts({account})")
    control.status("DELETE", f"accounts({account})")
    stats = control.stats()
    assert (stats["requests"], stats["rows_written"]) == (4, 3)
    assert stats["by_kind"] == {"create": 1, "delete": 1, "retrieve": 1, "update": 1}


def test_a_batch_is_one_request_of_several_operations(control: Control) -> None:
    url = f"{control.server.api}$batch"
    headers = {"Content-Type": 'multipart/mixed; boundary="b"'}
    body = batch("GET /api/data/v9.2/WhoAmI", "GET /api/data/v9.2/accounts?$top=1")
    answer = requests.post(url, body, headers=headers, timeout=30)
    assert answer.status_code == 200
    stats = control.stats()
    assert (stats["requests"], stats["operations"]) == (1, 2)


def test_a_refused_feature_is_counted(start_server: Callable[..., OrgServer]) -> None:
    control = Control(start_server())
    assert control.status("GET", "accounts?$search=x") == 501
    assert control.stats()["unsupported"] == 1


def test_the_most_requests_at_a_time_are_remembered(control: Control) -> None:
    control.fault(delay_ms=100)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: requests.get(f"{control.server.api}WhoAmI", timeout=30),
                                range(4)))  # fmt: skip
    assert [answer.status_code for answer in answers] == [200] * 4
    assert control.stats()["max_in_flight"] == 4


def test_a_throttled_request_says_when_to_come_back_and_is_not_applied(control: Control) -> None:
    account = control.server.create("accounts", name="a")
    control.fault(match={"method": "PATCH"}, status=429, retry_after=1, times=1)
    answer = control.server.send("PATCH", f"accounts({account})", {"name": "b"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert answer.json()["error"]["code"] == "0x80072322"
    assert control.server.names("accounts?$select=name") == ["a"]
    assert control.status("PATCH", f"accounts({account})", {"name": "b"}) == 204
    assert control.stats()["throttled"] == 1


def test_a_fault_after_applying_hides_that_it_was_applied(control: Control) -> None:
    account = control.server.create("accounts", name="hidden")
    control.fault(match={"method": "PATCH"}, status=503, after_apply=True, times=1)
    assert control.status("PATCH", f"accounts({account})", {"name": "applied"}) == 503
    assert control.server.names(f"accounts?$filter=accountid eq {account}") == ["applied"]


def test_faults_choose_by_user_agent_and_path(control: Control) -> None:
    control.fault(match={"user_agent": "gradesys/", "path": "/api/data/v9.2/acc"}, status=502)
    mine = {"User_Agent": "gradesys/0.1"}
    send = control.server.send
    assert send("GET", "accounts?$top=1", **mine).status_code == 502
    assert send("GET", "WhoAmI", **mine).status_code == 200
    assert send("GET", "accounts?$top=1").status_code == 200


@pytest.mark.parametrize(
    ("fault", "kind", "text"),
    [
        ({"status": 502}, "text/html", "<title>502</title>"),
        ({"status": 503}, "application/json", "0x80040216"),
        ({"status": 500, "code": "0x80044150"}, "application/json", "ErrorNumber: 1205"),
        ({"status": 502, "code": "0x80044151"}, "application/json", "SQL timeout expired."),
    ],
)
def test_a_gateway_answers_with_a_page_and_the_service_with_a_code(
    control: Control, fault: dict[str, Any], kind: str, text: str
) -> None:
    control.fault(times=1, **fault)
    answer = control.server.send("GET", "accounts?$top=1")
    assert answer.status_code == fault["status"]
    assert answer.headers["Content-Type"].startswith(kind)
    assert text in answer.text


@pytest.mark.parametrize("body", ["{", "[]", '{"rules": [{"status": "many"}]}', '{"surprise": 1}'])
def test_faults_that_make_no_sense_are_refused(control: Control, body: str) -> None:
    answer = requests.post(f"{control.server.url}/_emulator/faults", body, timeout=30)
    assert answer.status_code == 400
    assert "error" in answer.json()


def test_a_connection_survives_a_fault_before_a_large_body(control: Control) -> None:
    control.fault(match={"method": "POST"}, status=503, times=1)
    body = {"description": "x" * 300_000, "name": "large"}
    assert control.status("POST", "accounts", body) == 503
    assert control.status("POST", "accounts", body) == 204


def test_latency_delays_every_request_of_the_web_api(
    start_server: Callable[..., OrgServer],
) -> None:
    server = start_server(latency_ms=60)
    assert server.send("GET", "WhoAmI").elapsed.total_seconds() >= 0.06
    assert json.loads(server.send("GET", f"{server.url}/_emulator/stats").text)["requests"] == 1


def test_settle_answers_at_once_when_nothing_is_under_way(control: Control) -> None:
    answer = control.post("settle")
    assert (answer.status_code, answer.json()["webhooks"]) == (200, ZERO)


def test_settle_needs_a_number(control: Control) -> None:
    assert control.post("settle?timeout=soon").status_code == 400
