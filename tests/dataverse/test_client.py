"""Requests, and what becomes of the answers nobody wants."""

from __future__ import annotations

import logging
from decimal import Decimal

import pytest
import responses

from gradesys.dataverse.batch import Part
from gradesys.dataverse.client import Client
from gradesys.errors import (
    DataverseError,
    MissingMetadata,
    MissingPrivilege,
    PermanentError,
    SettingsError,
)
from tests.dataverse.organisation import API, Reply, ok, refused, script


def test_a_request_carries_the_headers_of_the_protocol(
    client: Client, mock: responses.RequestsMock
) -> None:
    organisation = script(mock, ok({"value": []}), ok())
    client.request("GET", "accounts?$top=1", headers={"Prefer": "odata.maxpagesize=2"})
    client.request("PATCH", "accounts(1)", {"gs_score": Decimal("1234567890123456.7800")})
    read, write = (call.headers for call in organisation.calls)
    assert read["User-Agent"].startswith("gradesys/")
    assert read["Authorization"] == "Bearer a-token"
    assert (read["OData-Version"], read["OData-MaxVersion"]) == ("4.0", "4.0")
    assert (read["Prefer"], read["If-None-Match"]) == ("odata.maxpagesize=2", "null")
    assert read["x-ms-client-request-id"] != write["x-ms-client-request-id"]
    assert write["Content-Type"] == "application/json; charset=utf-8"
    assert "If-None-Match" not in write


def test_decimals_are_sent_and_received_with_every_digit(
    client: Client, mock: responses.RequestsMock
) -> None:
    mock.post(API + "echo", body=b'{"n": 1234567890123456.7800, "i": 12345678901234567890}')
    answer = client.request("POST", "echo", {"n": Decimal("0.10")}).json()
    assert mock.calls[0].request.body == b'{"n":0.10}'
    assert [str(answer["n"]), str(answer["i"])] == ["1234567890123456.7800", "12345678901234567890"]
    assert all(isinstance(number, Decimal) for number in answer.values())


@pytest.mark.parametrize("content", [b"<html>", b"", b'{"n": NaN}', b"[" * 100_000])
def test_an_answer_that_is_no_json_is_refused(
    client: Client, mock: responses.RequestsMock, content: bytes
) -> None:
    mock.get(API + "x", body=content)
    answer = client.request("GET", "x")
    with pytest.raises(PermanentError):
        answer.json()


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (
            refused(400, "0x80060888", "Could not find a property named 'x' on type"),
            MissingMetadata,
        ),
        (refused(404, "0x8006088a", "Resource not found for the segment 'xs'."), MissingMetadata),
        (
            refused(400, "0x80048d19", "The property 'x' does not exist on type 'account'"),
            MissingMetadata,
        ),
        (refused(400, "0x80044331", "too long"), PermanentError),
        (refused(404, "0x80040217", "account With Id = 1 Does Not Exist"), PermanentError),
        (refused(412, "0x80060882", "mismatch"), PermanentError),
        (refused(403, "0x80040220", "missing prvReadAccount"), MissingPrivilege),
        ((302, {"Location": "https://elsewhere.example/"}, b""), PermanentError),
    ],
)
def test_a_verdict_raises_at_once_with_code_and_request_id(
    client: Client, mock: responses.RequestsMock, reply: Reply, kind: type[DataverseError]
) -> None:
    status, headers, body = reply
    organisation = script(mock, (status, {**headers, "x-ms-service-request-id": "r-1"}, body))
    with pytest.raises(kind) as caught:
        client.request("GET", "accounts")
    assert type(caught.value) is kind
    assert caught.value.answer.status == status
    assert caught.value.answer.request_id == "r-1"
    assert caught.value.answer.code == (body["error"]["code"] if isinstance(body, dict) else "")
    assert len(organisation.https) == 1


def test_a_decimal_code_is_told_in_hexadecimal(
    client: Client, mock: responses.RequestsMock
) -> None:
    script(mock, refused(400, "-2147220969"))
    with pytest.raises(PermanentError) as caught:
        client.request("GET", "accounts")
    assert caught.value.answer.code == "0x80040217"


@pytest.mark.parametrize(
    "link",
    [
        "https://127.0.0.1:7071/api/data/v9.2/accounts",
        "http://127.0.0.1:7072/api/data/v9.2/accounts",
        "http://elsewhere.example/api/data/v9.2/accounts",
        "http://127.0.0.1:7071@elsewhere.example/api/data/v9.2/accounts",
        "http://user@127.0.0.1:7071/api/data/v9.2/accounts",
        "http://127.0.0.1:7071/elsewhere",
        "//elsewhere.example/api/data/v9.2/accounts",
        "HTTP:\\\\elsewhere.example\\accounts",
        "accounts HTTP/1.1\r\nX-Evil: 1",
        "http://[",
        "http://127.0.0.1:99999/api/data/v9.2/accounts",
    ],
)
def test_a_link_that_leads_away_is_not_followed(
    client: Client, mock: responses.RequestsMock, link: str
) -> None:
    with pytest.raises(PermanentError):
        client.request("GET", link)
    with pytest.raises(PermanentError):
        client.batch([Part("GET", link)])
    assert client.requests == 0


def test_a_link_of_the_organisation_goes_back_verbatim(
    client: Client, mock: responses.RequestsMock
) -> None:
    cookie = "$skiptoken=%3Ccookie%20pagenumber=%222%22%20x=%22%257e%7e%22%20/%3E"
    organisation = script(mock, ok({}))
    client.request("GET", f"{API}accounts?{cookie}")
    assert mock.calls[0].request.url == f"{API}accounts?{cookie}"
    assert organisation.https == ["GET accounts"]


@pytest.mark.parametrize(
    "url",
    [
        "http://org.example",
        "ftp://127.0.0.1",
        "org.example",
        "https://",
        "https://u:p@org.example",
        "https://org.example?x=1",
    ],
)
def test_an_organisation_that_is_not_reached_safely_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        Client(url, lambda: None)


def test_cookies_are_not_kept(client: Client, mock: responses.RequestsMock) -> None:
    organisation = script(mock, ok({}, **{"Set-Cookie": "ARRAffinity=1; Path=/"}), ok({}))
    client.request("GET", "accounts")
    client.request("GET", "accounts")
    assert "Cookie" not in organisation.calls[1].headers


def test_a_log_line_names_no_value(
    client: Client, mock: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "gradesys")
    script(mock, ok({"name": "Secret Co"}), refused(400, "0x80040203", "'Secret Co' is wrong"))
    client.request("GET", "accounts?$filter=name eq 'Secret'".replace(" ", "%20"))
    with pytest.raises(PermanentError):
        client.request("PATCH", "accounts(1)", {"name": "Secret Co"})
    assert [record.levelname for record in caplog.records] == ["DEBUG", "WARNING"]
    assert "GET /api/data/v9.2/accounts -> 200" in caplog.text
    assert "Secret" not in caplog.text
    assert "a-token" not in caplog.text


def test_a_batch_tells_each_parts_own_answer(client: Client, mock: responses.RequestsMock) -> None:
    organisation = script(mock, ok(), refused(404, "0x80040217"), ok({"value": []}))
    parts = [Part("PATCH", "accounts(1)", {"n": 1}), Part("PATCH", "accounts(2)", {"n": 2})]
    answers = client.batch([*parts, Part("GET", "accounts?$top=1")])
    assert [answer.status for answer in answers] == [204, 404, 200]
    assert organisation.https == ["POST $batch"]
    assert [(call.method, call.path, call.body) for call in organisation.calls] == [
        ("PATCH", "accounts(1)", {"n": 1}),
        ("PATCH", "accounts(2)", {"n": 2}),
        ("GET", "accounts?$top=1", None),
    ]
    assert mock.calls[0].request.headers["Prefer"] == "odata.continue-on-error"
    assert answers[2].json() == {"value": []}
