"""What is tried again, how long, and what never is."""

from __future__ import annotations

import socket
from contextlib import nullcontext

import pytest
import requests
import responses

from gradesys.budget.lane import in_background
from gradesys.dataverse.batch import Part
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.errors import PermanentError, SettingsError, TemporaryError
from tests.dataverse.conftest import Clock
from tests.dataverse.organisation import API, Call, Organisation, Reply, ok, refused, script

BUSY = refused(429, "0x80072322", **{"Retry-After": "7"})


@pytest.mark.parametrize(
    "reply",
    [
        refused(429, "0x80072321"),
        refused(503),
        (502, {}, b"<html>Bad Gateway</html>"),
        (504, {}, b""),
        (500, {}, b"<html>"),
        refused(500, "0x80040216", "unexpected"),
        refused(500, "0x80044150", "Generic SQL error. 1205 deadlock"),
        refused(400, "0x80044151", "SQL timeout"),
    ],
)
def test_a_passing_failure_is_tried_again(
    client: Client, mock: responses.RequestsMock, clock: Clock, reply: Reply
) -> None:
    organisation = script(mock, reply, reply, ok({"value": []}))
    assert client.request("GET", "accounts").status == 200
    assert len(organisation.https) == client.requests == 3
    assert len(clock.naps) == 2


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "error", [requests.exceptions.ReadTimeout(), requests.exceptions.ConnectionError("reset")]
)
def test_a_lost_connection_is_tried_again_where_twice_is_once(
    client: Client, mock: responses.RequestsMock, method: str, error: Exception
) -> None:
    mock.add(method, API + "accounts(1)", body=error)
    mock.add(method, API + "accounts(1)", status=204)
    assert client.request(method, "accounts(1)").status == 204


def test_attempts_end(client: Client, mock: responses.RequestsMock) -> None:
    script(mock, *[refused(503)] * 6)
    with pytest.raises(TemporaryError) as caught:
        client.request("GET", "accounts")
    assert client.requests == 6
    assert caught.value.answer.status == 503


def test_patience_ends_before_a_pause_that_is_too_long(
    client: Client, mock: responses.RequestsMock, clock: Clock
) -> None:
    script(mock, refused(429, **{"Retry-After": "300"}))
    for _ in range(2):
        with pytest.raises(TemporaryError) as caught:
            client.request("GET", "accounts")
        assert caught.value.retry_after == 300
    assert client.requests == 1
    assert clock.naps == []


@pytest.mark.parametrize(("pause", "sent"), [(300, 2), (961, 1)])
def test_a_resync_has_eight_times_the_patience(
    client: Client, mock: responses.RequestsMock, clock: Clock, pause: int, sent: int
) -> None:
    script(mock, refused(429, "0x80072321", **{"Retry-After": str(pause)}), ok({}))
    with in_background(), nullcontext() if sent == 2 else pytest.raises(TemporaryError):
        client.request("GET", "accounts")
    assert client.requests == sent
    assert sum(clock.naps) == (pause if sent == 2 else 0)


@pytest.mark.parametrize(("background", "sent"), [(False, 6), (True, 21)])
def test_a_resync_is_refused_as_often_as_dataverse_likes(
    client: Client, mock: responses.RequestsMock, background: bool, sent: int
) -> None:
    script(mock, *[BUSY] * 20, ok({}))
    with in_background(background), nullcontext() if background else pytest.raises(TemporaryError):
        client.request("GET", "accounts")
    assert client.requests == sent


def test_retry_after_holds_every_request_back(
    client: Client, mock: responses.RequestsMock, clock: Clock
) -> None:
    started = clock.now
    seen: list[float] = []

    def respond(call: Call) -> Reply:
        seen.append(clock.now - started)
        return BUSY if len(seen) == 1 else ok({"value": []})

    Organisation(respond).install(mock)
    client.batch([Part("GET", "accounts")])
    client.request("GET", "contacts")
    assert seen == [0, 7]


@pytest.mark.parametrize("text", ["soon", "nan", "inf", "", "-5"])
def test_a_retry_after_that_is_no_number_does_no_harm(
    client: Client, mock: responses.RequestsMock, text: str
) -> None:
    script(mock, refused(429, **{"Retry-After": text}), ok({}))
    assert client.request("GET", "accounts").status == 200


@pytest.mark.parametrize(
    ("first", "sent"),
    [
        (refused(429), 2),
        (refused(503, **{"Retry-After": "1"}), 2),
        (refused(503), 1),
        (refused(502), 1),
        (refused(500, "0x80044150"), 1),
    ],
)
def test_a_creation_is_repeated_only_when_nothing_was_done(
    client: Client, mock: responses.RequestsMock, first: Reply, sent: int
) -> None:
    script(mock, first, ok())
    try:
        client.request("POST", "accounts", {"name": "x"})
    except TemporaryError:
        assert sent == 1
    assert client.requests == sent


def test_a_creation_whose_answer_was_lost_is_not_repeated(
    client: Client, mock: responses.RequestsMock
) -> None:
    mock.post(API + "accounts", body=requests.exceptions.ReadTimeout())
    with pytest.raises(TemporaryError):
        client.request("POST", "accounts", {"name": "x"})
    assert client.requests == 1


def test_a_bulk_update_and_a_batch_of_updates_are_repeated(
    client: Client, mock: responses.RequestsMock
) -> None:
    mock.post(API + "accounts/Microsoft.Dynamics.CRM.UpdateMultiple", status=502)
    mock.post(API + "accounts/Microsoft.Dynamics.CRM.UpdateMultiple", status=204)
    client.request("POST", "accounts/Microsoft.Dynamics.CRM.UpdateMultiple", {"Targets": []})
    mock.post(API + "$batch", status=502)
    with pytest.raises(TemporaryError):
        client.batch([Part("PATCH", "accounts(1)", {})])
    assert client.requests == 2 + 6


def test_a_torn_batch_answer_is_asked_for_again(
    client: Client, mock: responses.RequestsMock
) -> None:
    mock.post(API + "$batch", body=b"--torn", content_type="multipart/mixed; boundary=torn")
    Organisation(lambda call: ok({})).install(mock)
    assert [answer.status for answer in client.batch([Part("GET", "accounts")])] == [200]
    assert client.requests == 2


def test_a_row_that_is_gone_after_a_repeated_delete_is_deleted(
    client: Client, mock: responses.RequestsMock
) -> None:
    script(mock, refused(503), refused(404, "0x80040217"), refused(404, "0x80040217"))
    assert client.request("DELETE", "accounts(1)").status == 204
    with pytest.raises(PermanentError):
        client.request("DELETE", "accounts(1)")


@pytest.mark.parametrize(("replies", "kind"), [([ok({})], None), ([refused(401)], SettingsError)])
def test_a_401_is_tried_once_more(
    client: Client, mock: responses.RequestsMock, replies: list[Reply], kind: type[Exception] | None
) -> None:
    script(mock, refused(401), *replies)
    with pytest.raises(kind) if kind else nullcontext():
        client.request("GET", "accounts")
    assert client.requests == 2


def test_a_request_that_never_left_is_repeated_whatever_it_is(options: ClientOptions) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    client = Client(url, lambda: None, options)
    with pytest.raises(TemporaryError):
        client.request("POST", "accounts", {"name": "x"})
    assert client.requests == options.attempts


def test_a_certificate_that_is_not_trusted_is_not_tried_again(
    client: Client, mock: responses.RequestsMock
) -> None:
    error = requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")
    mock.get(API + "accounts", body=error)
    with pytest.raises(SettingsError):
        client.request("GET", "accounts")
    assert client.requests == 1
