"""Batches, byte by byte."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from gradesys.dataverse.answers import Response
from gradesys.dataverse.batch import Part, decode_batch, encode_batch
from gradesys.errors import TemporaryError

PATH = "/api/data/v9.2/accounts(1)"
ANSWER = "\r\n".join(
    [
        "--batchresponse_1",
        "Content-Type: multipart/mixed; boundary=changesetresponse_1",
        "",
        "--changesetresponse_1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "Content-ID: 1",
        "",
        "HTTP/1.1 204 No Content",
        "OData-EntityId: https://x/accounts(1)",
        "",
        "",
        "--changesetresponse_1--",
        "--batchresponse_1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "HTTP/1.1 200 OK",
        "Content-Type: application/json; odata.metadata=minimal",
        "",
        '{"value":[{"name":"شرکت\\r\\n--x"}]}',
        "--batchresponse_1",
        "Content-Type: application/http",
        "",
        "HTTP/1.1 404 Not Found",
        "",
        '{"error":{"code":"0x80040217","message":"gone"}}',
        "--batchresponse_1--",
        "",
    ]
).encode()
TYPE = {"Content-Type": "multipart/mixed; boundary=batchresponse_1"}


def test_a_batch_is_written_as_dataverse_reads_it() -> None:
    patch = Part("PATCH", "", {"gs_score": Decimal("82.50")}, {"If-Match": "*"})
    content_type, body = encode_batch([(patch, PATH), (Part("GET", ""), f"{PATH}?$select=name")])
    outer = content_type.partition('boundary="')[2].rstrip('"')
    inner = re.findall(rb'boundary="(changeset_\w+)"', body)[0].decode()
    assert body.decode().split("\r\n") == [
        f"--{outer}",
        f'Content-Type: multipart/mixed; boundary="{inner}"',
        "",
        f"--{inner}",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "Content-ID: 1",
        "",
        f"PATCH {PATH} HTTP/1.1",
        "Accept: application/json",
        "If-Match: *",
        "Content-Type: application/json; type=entry",
        "",
        '{"gs_score":82.50}',
        f"--{inner}--",
        "",
        f"--{outer}",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"GET {PATH}?$select=name HTTP/1.1",
        "Accept: application/json",
        "",
        "",
        f"--{outer}--",
        "",
    ]


def test_every_write_gets_a_change_set_of_its_own() -> None:
    _, body = encode_batch([(Part("PATCH", "", {}), PATH), (Part("DELETE", ""), PATH)])
    assert len(set(re.findall(rb"boundary=\"(changeset_\w+)\"", body))) == 2


def test_answers_come_back_in_order_with_status_headers_and_bytes() -> None:
    written, read, gone = decode_batch(Response(200, TYPE, ANSWER), 3)
    assert (written.status, written.headers["odata-entityid"]) == (204, "https://x/accounts(1)")
    assert (read.status, read.content) == (200, '{"value":[{"name":"شرکت\\r\\n--x"}]}'.encode())
    assert gone.status == 404
    assert b"0x80040217" in gone.content


@pytest.mark.parametrize(
    ("body", "expected"),
    [(ANSWER, 4), (b"", 1), (ANSWER.replace(b"HTTP/1.1 200 OK", b"nonsense"), 3)],
)
def test_a_torn_answer_is_worth_another_try(body: bytes, expected: int) -> None:
    with pytest.raises(TemporaryError):
        decode_batch(Response(200, TYPE, body), expected)
