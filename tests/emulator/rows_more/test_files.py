"""File columns: sent whole and in blocks, read back, replaced and taken away."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.emulator.serving import OrgServer

CRM = "Microsoft.Dynamics.CRM."
ATTRIBUTES = "EntityDefinitions(LogicalName='account')/Attributes"


@pytest.fixture(scope="module")
def filing(server: OrgServer) -> Iterator[OrgServer]:
    """The emulator with a file column of 1 KB on accounts."""
    label = {"LocalizedLabels": [{"Label": "Document", "LanguageCode": 1033}]}
    body = {"@odata.type": f"{CRM}FileAttributeMetadata", "SchemaName": "gs_Doc",
            "DisplayName": label, "MaxSizeInKB": 1}  # fmt: skip
    assert server.send("POST", ATTRIBUTES, body).status_code == 204
    yield server
    assert server.send("DELETE", f"{ATTRIBUTES}(LogicalName='gs_doc')").status_code == 204


def send(server: OrgServer, path: str, body: bytes, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = path if path.startswith("http") else server.api + path
    return server.session.patch(url, data=body, headers=named, timeout=30)


def content(server: OrgServer, account: str) -> bytes:
    return server.send("GET", f"accounts({account})/gs_doc/$value").content


def test_a_file_is_kept_replaced_and_taken_away(filing: OrgServer) -> None:
    account = filing.create("accounts", name="x")
    path = f"accounts({account})/gs_doc"
    assert filing.send("GET", f"{path}/$value").status_code == 404
    assert send(filing, path, "سلام".encode(), x_ms_file_name="a.txt").status_code == 204
    assert content(filing, account).decode() == "سلام"
    first = filing.get(path)["value"]
    assert filing.get(f"accounts({account})?$select=gs_doc")["gs_doc"] == first
    assert send(filing, path, b"", x_ms_file_name="b.txt").status_code == 204
    assert (content(filing, account), filing.get(path)["value"] != first) == (b"", True)
    assert filing.send("DELETE", path).status_code == 204
    assert filing.send("GET", path).status_code == 204


def test_a_file_comes_in_blocks(filing: OrgServer) -> None:
    account = filing.create("accounts", name="x")
    path = f"accounts({account})/gs_doc"
    begun = send(filing, f"{path}?x-ms-file-name=a%20b.bin", b"", x_ms_transfer_mode="chunked")
    place, size = begun.headers["Location"], int(begun.headers["x-ms-chunk-size"])
    assert (begun.status_code, size) == (200, 4 * 1024 * 1024)
    for part, status in (("bytes 0-3/10", 206), ("bytes 4-9/10", 204)):
        first, last = map(int, part.removeprefix("bytes ").partition("/")[0].split("-"))
        block = b"0123456789"[first : last + 1]
        assert send(filing, place, block, Content_Range=part).status_code == status
    assert content(filing, account) == b"0123456789"
    filing.send("DELETE", f"accounts({account})")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x", {}, 400),
        (b"x" * 1025, {"x_ms_file_name": "a"}, 413),
    ],
    ids=["without a name", "too large"],
)
def test_a_file_that_cannot_be_kept_is_refused(
    filing: OrgServer, body: bytes, headers: dict[str, Any], status: int
) -> None:
    account = filing.create("accounts", name="x")
    assert send(filing, f"accounts({account})/gs_doc", body, **headers).status_code == status


@pytest.mark.parametrize("part", ["bytes 1-1/2", "bytes 0-1/2", "0-0/1", "bytes 0-0/9999"])
def test_a_block_that_does_not_continue_its_file_is_refused(filing: OrgServer, part: str) -> None:
    account = filing.create("accounts", name="x")
    path = f"accounts({account})/gs_doc?x-ms-file-name=a"
    place = send(filing, path, b"", x_ms_transfer_mode="chunked").headers["Location"]
    assert send(filing, place, b"x", Content_Range=part).status_code in (400, 413)
    assert filing.send("GET", f"accounts({account})/gs_doc/$value").status_code == 404
