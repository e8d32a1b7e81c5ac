"""``$batch``: order, change sets, references, addresses and what ends a batch."""

import re
from dataclasses import dataclass

import msgspec
import pytest

from tests.emulator.serving import OrgServer

A1, A2 = (f"ac000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
PREFIX = "/api/data/v9.2/"


@dataclass(frozen=True)
class Part:
    """One request of a batch, as text."""

    method: str
    url: str
    body: str = ""
    content_id: str = ""
    headers: str = ""

    def text(self) -> str:
        content_id = f"Content-ID: {self.content_id}\r\n" if self.content_id else ""
        return (
            "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
            f"{content_id}\r\n{self.method} {self.url} HTTP/1.1\r\n"
            f"Content-Type: application/json; type=entry\r\n{self.headers}\r\n{self.body}"
        )


def change_set(*parts: Part) -> str:
    inner = "".join(f"--c\r\n{part.text()}\r\n" for part in parts)
    return f'Content-Type: multipart/mixed; boundary="c"\r\n\r\n{inner}--c--\r\n'


def send(org: OrgServer, *parts: Part | str, **headers: str) -> tuple[int, list[tuple[int, str]]]:
    """The outer status, and the status and content of every part."""
    texts = [part if isinstance(part, str) else part.text() for part in parts]
    body = "".join(f"--b\r\n{text}\r\n" for text in texts) + "--b--\r\n"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = org.session.post(
        f"{org.api}$batch",
        data=body.encode(),
        headers={"Content-Type": 'multipart/mixed; boundary="b"', **named},
        timeout=30,
    )
    found = re.findall(r"HTTP/1\.1 (\d+) .*?\r\n\r\n(.*?)\r\n--", response.text, re.DOTALL)
    return response.status_code, [(int(status), content) for status, content in found]


def test_parts_run_in_order_and_see_each_other(org_server: OrgServer) -> None:
    status, parts = send(
        org_server,
        Part("POST", f"{PREFIX}accounts", f'{{"accountid":"{A1}","name":"نام"}}'),
        Part("GET", f"{PREFIX}accounts?$select=name&$filter=name eq 'نام'".replace(" ", "%20")),
        Part("DELETE", f"{PREFIX}accounts({A1})"),
        Part("GET", f"{PREFIX}accounts/$count"),
    )
    assert (status, [part[0] for part in parts]) == (200, [204, 200, 204, 200])
    assert msgspec.json.decode(parts[1][1])["value"][0]["name"] == "نام"
    assert parts[3][1] == "0"


@pytest.mark.parametrize(
    "form", ["/api/data/v9.2/accounts", "{api}accounts", "accounts", "/accounts"]
)
def test_a_part_may_be_addressed_in_every_documented_way(org_server: OrgServer, form: str) -> None:
    status, parts = send(org_server, Part("GET", form.format(api=org_server.api)))
    assert (status, parts[0][0]) == (200, 200)


def test_a_change_set_is_all_or_nothing(org_server: OrgServer) -> None:
    create = Part("POST", f"{PREFIX}accounts", f'{{"accountid":"{A1}"}}', content_id="1")
    wrong = Part("PATCH", f"{PREFIX}accounts({A2})", '{"name":"x"}', "2", "If-Match: *\r\n")
    status, parts = send(org_server, change_set(create, wrong))
    assert (status, [part[0] for part in parts]) == (404, [404])
    assert "Content-ID: 2" in org_server_text(org_server, change_set(create, wrong))
    assert org_server.rows("accounts") == []


def org_server_text(org: OrgServer, text: str) -> str:
    body = f"--b\r\n{text}\r\n--b--\r\n".encode()
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    return org.session.post(f"{org.api}$batch", data=body, headers=headers, timeout=30).text


def test_later_parts_of_a_change_set_refer_to_earlier_ones(org_server: OrgServer) -> None:
    bind = '{"name":"I","customerid_account@odata.bind":"$1"}'
    status, parts = send(
        org_server,
        change_set(
            Part("POST", f"{PREFIX}accounts", f'{{"accountid":"{A1}"}}', "1"),
            Part("POST", f"{PREFIX}invoices", bind, "2"),
            Part("PATCH", "$1", '{"name":"later"}', "3"),
        ),
    )
    assert (status, [part[0] for part in parts]) == (200, [204, 204, 204])
    row = org_server.rows("invoices?$expand=customerid_account")[0]
    assert row["customerid_account"]["name"] == "later"


def test_a_reference_to_what_comes_later_is_refused(org_server: OrgServer) -> None:
    status, parts = send(org_server, change_set(Part("PATCH", "$2", '{"name":"x"}', "1")))
    assert (status, parts[0][0]) == (400, 400)
    assert "Content-ID Reference: '$2' does not exist in the batch context." in parts[0][1]


def test_a_change_set_may_not_read(org_server: OrgServer) -> None:
    status, parts = send(org_server, change_set(Part("GET", f"{PREFIX}accounts")))
    assert (status, parts[0][0]) == (400, 400)


@pytest.mark.parametrize(
    ("headers", "outer", "statuses"),
    [({}, 404, [404]), ({"Prefer": "odata.continue-on-error"}, 200, [404, 200])],
)
def test_the_first_failure_ends_a_batch_unless_told_to_go_on(
    org_server: OrgServer, headers: dict[str, str], outer: int, statuses: list[int]
) -> None:
    parts = Part("GET", f"{PREFIX}accounts({A1})"), Part("GET", f"{PREFIX}accounts")
    status, found = send(org_server, *parts, **headers)
    assert (status, [part[0] for part in found]) == (outer, statuses)


def test_every_part_has_its_own_headers(org_server: OrgServer) -> None:
    org_server.create("accounts", accountid=A1, name="n")
    wanted = 'Prefer: odata.include-annotations="*"\r\n'
    _, parts = send(
        org_server,
        Part("GET", f"{PREFIX}accounts?$select=statecode", headers=wanted),
        Part("GET", f"{PREFIX}accounts?$select=statecode"),
    )
    assert "FormattedValue" in parts[0][1]
    assert "FormattedValue" not in parts[1][1]


def test_a_thousand_parts_are_the_most(org_server: OrgServer) -> None:
    probe = Part("GET", f"{PREFIX}WhoAmI")
    assert send(org_server, *[probe] * 1000)[0] == 200
    status, _ = send(org_server, *[probe] * 1001)
    assert status == 400


@pytest.mark.parametrize(
    "text",
    [
        Part("POST", f"{PREFIX}$batch", "{}").text(),
        "Content-Type: text/plain\r\n\r\nhello",
        "Content-Type: application/http\r\n\r\nnonsense",
    ],
)
def test_a_malformed_batch_is_refused(org_server: OrgServer, text: str) -> None:
    assert send(org_server, text)[0] == 400


def test_a_batch_counts_as_one_request_and_many_operations(org_server: OrgServer) -> None:
    before = org_server.emulator.stats.snapshot()
    send(org_server, *[Part("GET", f"{PREFIX}WhoAmI")] * 3)
    after = org_server.emulator.stats.snapshot()
    assert after["requests"] - before["requests"] == 1
    assert after["operations"] - before["operations"] == 3
