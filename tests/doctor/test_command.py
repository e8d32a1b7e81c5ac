"""``gradesys doctor``: what it prints, and its exit codes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from gradesys.cli import gradesys
from gradesys.doctor import CHECKS
from tests.doctor.installation import KEY, Installation
from tests.emulator.serving import OrgServer
from tests.line.running import free_port


def run(installation: Installation, *options: str) -> Result:
    """The command in this process, with the installation's environment."""
    # Whatever the machine that runs the tests has set must not be seen.
    unset = {f"GRADESYS_{name}": None for name in ("NOW", "AUTHORITY", "CLIENT_SECRET")}
    return CliRunner().invoke(
        gradesys,
        ["doctor", *options],
        env={**unset, **installation.environment},
        standalone_mode=False,
    )


def test_a_sound_installation_ends_well(installation: Installation, deployed: OrgServer) -> None:
    done = run(installation)
    lines = done.stdout.splitlines()
    assert done.return_value == 0
    assert [line.split()[0] for line in lines] == ["ok"] * (len(CHECKS) + 1)
    assert lines[1] == f"ok       address: {deployed.url}"


def test_json_is_one_document_with_every_check(installation: Installation, bare: OrgServer) -> None:
    done = run(installation, "--json")
    answer = json.loads(done.stdout)
    assert (done.return_value, answer["ok"]) == (1, False)
    assert [check["check"] for check in answer["checks"]][1:] == [check.name for check in CHECKS]
    statuses = {check["check"]: check["status"] for check in answer["checks"]}
    assert (statuses["reachable"], statuses["outputs"]) == ("ok", "problem")
    assert all(check["hint"] for check in answer["checks"] if check["status"] != "ok")


def test_a_hint_stands_below_its_finding(installation: Installation, bare: OrgServer) -> None:
    lines = run(installation).stdout.splitlines()
    (place,) = (at for at, line in enumerate(lines) if line.startswith("problem  steps:"))
    assert lines[place + 1].startswith("         -> run: gradesys deploy apply")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"DATAVERSE_URL": ""}, 3),
        ({"DATAVERSE_URL": "http://contoso.example"}, 3),
        ({"AUTH": "certificate"}, 3),
        ({"WEBHOOK_KEYS": ""}, 3),
        ({"NOW": "tomorrow"}, 3),
        ({}, 4),
    ],
)
def test_the_first_problem_gives_the_exit_code(
    installation: Installation, settings: dict[str, str], code: int
) -> None:
    installation.settings |= {"DATAVERSE_URL": f"http://127.0.0.1:{free_port()}"} | settings
    assert run(installation).return_value == code


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_nothing_secret_is_printed(
    installation: Installation, deployed: OrgServer, options: tuple[str, ...]
) -> None:
    done = run(installation, *options)
    assert KEY not in done.output
