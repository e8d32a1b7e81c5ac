"""The way of docs/install.md, walked on an emulated organisation over TLS with a client secret."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator.entrance import Access
from emulator.tokens import Issuer
from emulator.users import parse_users
from tests.cli.running import left
from tests.emulator.limits.conftest import certificates, members_of, start_guarded
from tests.emulator.serving import Certificates, OrgServer, new_organization

__all__ = ["certificates", "start_guarded"]

PAGE = (Path(__file__).parents[1] / "docs" / "install.md").read_text(encoding="utf-8")
APPLICATION = "a0000000-0000-4000-8000-000000000001"
SERVICE = "00000000-0000-4000-8000-000000000000"
ACCOUNT = "a1000000-0000-4000-8000-000000000001"
SECRET = "a secret of the test"
ELSEWHERE = ("gradesys demo", "gradesys smoke", "gradesys test", "gradesys doctor --base-url")
"""Commands that other tests run: they take long, or need the service on Azure."""


def commands() -> list[str]:
    lines = (line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
             for line in block.splitlines())  # fmt: skip
    return [line for line in lines if line.startswith("gradesys ")]


@pytest.fixture
def settings(
    start_guarded: Callable[..., OrgServer], certificates: Certificates
) -> Iterator[dict[str, str]]:
    """The environment of step 6, and an account with a paid invoice."""
    directory = {
        "users": [
            {"applicationid": APPLICATION, "roles": ["System Administrator"]},
            {"applicationid": SERVICE},
        ],
        "applications": [{"applicationid": APPLICATION, "secret": SECRET}],
    }
    text = json.dumps(directory).encode()
    org = new_organization()
    members = members_of(org, text)
    issuer = Issuer(parse_users(text, org.definitions).applications)
    server = start_guarded(Access(members, issuer), certificates, org)
    with org.transaction() as tx:
        tx.insert(org.definitions.tables["account"], {"accountid": ACCOUNT, "statecode": 0})
    yield {
        "GRADESYS_DATAVERSE_URL": server.url,
        "GRADESYS_AUTHORITY": server.url,
        "GRADESYS_AUTHORITY_CA": str(certificates.authority),
        "GRADESYS_TENANT_ID": "c0000000-0000-4000-8000-000000000001",
        "GRADESYS_CLIENT_ID": APPLICATION,
        "GRADESYS_CLIENT_SECRET": SECRET,
        "GRADESYS_WEBHOOK_KEYS": "the-key-of-the-test",
    }
    gc.collect()  # commands leave their connections to the end of the process; the server waits


def test_the_page_has_at_most_twelve_steps_and_a_way_out_of_each() -> None:
    steps = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
    assert [step.split(".")[0] for step in steps] == [str(n) for n in range(1, 13)]
    assert [step[:2] for step in steps if "*If it fails:* " not in step] == []


def test_its_commands_lead_to_the_first_grade(settings: dict[str, str], tmp_path: Path) -> None:
    plans, said = iter((6, 0)), ""
    for command in commands():
        if command.startswith(ELSEWHERE):
            continue
        words = command.removeprefix("gradesys ").split()
        asks = ["--yes"] if words[:2] == ["deploy", "apply"] else []
        done = left(tmp_path, *words, *asks, **settings)
        wanted = next(plans) if "plan" in words else int("doctor" in words)
        assert done.code == wanted, (command, done.out, done.err)
        said = done.out
    assert "score" in said and list(plans) == []
