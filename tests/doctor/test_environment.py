"""What doctor says about settings, rule files and marks, without asking anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradesys.doctor import CHECKS, Cause, Status
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Key, KeyKind
from tests.doctor.installation import RULES, Installation, told

VAULT = "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/one)"
REAL = "https://contoso.crm4.dynamics.com"
ACCOUNT = Key(KeyKind.TARGET, "account", "00000000-0000-4000-8000-000000000001")


def test_every_check_is_told_once_and_those_that_need_another_wait_for_it(
    installation: Installation,
) -> None:
    installation.settings["DATAVERSE_URL"] = ""
    findings = installation.findings()
    assert [*findings] == ["settings", *(check.name for check in CHECKS)]
    waiting = {name for name, found in findings.items() if "not checked" in found.verdict.text}
    needing = {"reachable", "organisation", "clock", "tables", "privileges"}
    assert waiting == needing | {
        "sign-in",
        "tracking",
        "outputs",
        "steps",
        "button",
        "role",
        "shown",
        "solution",
    }
    assert all(found.verdict.hint for found in findings.values() if found.bad)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("NOW", "tomorrow", "not an ISO instant"),
        ("NOW", "2026-06-15T12:00:00", "needs an offset"),
    ],
)
def test_settings_that_cannot_be_read_are_the_only_finding(
    installation: Installation, name: str, value: str, says: str
) -> None:
    installation.settings[name] = value
    ((check, found),) = installation.findings().items()
    assert check == "settings"
    assert (found.bad, found.verdict.cause) == (True, Cause.CONFIGURATION)
    assert says in found.verdict.text


@pytest.mark.parametrize(
    ("url", "auth", "status", "says"),
    [
        (REAL, "client_secret", Status.OK, REAL),
        (f"{REAL}/", "client_secret", Status.OK, REAL),
        ("http://127.0.0.1:7000", "none", Status.OK, "127.0.0.1"),
        ("", "client_secret", Status.PROBLEM, "GRADESYS_DATAVERSE_URL"),
        ("contoso", "client_secret", Status.PROBLEM, "root"),
        ("http://contoso.example", "client_secret", Status.PROBLEM, "https"),
        (REAL, "none", Status.PROBLEM, "GRADESYS_AUTH"),
        (f"{REAL}/api/data/v9.2", "client_secret", Status.PROBLEM, "followed by a path"),
        (f"{REAL}?x=1", "client_secret", Status.PROBLEM, "query"),
        ("https://me:s3cret@contoso.example", "client_secret", Status.PROBLEM, "a password"),
        ("https://[contoso", "client_secret", Status.PROBLEM, "not a web address"),
    ],
)
def test_the_address_is_the_root_of_an_organisation(
    installation: Installation, url: str, auth: str, status: Status, says: str
) -> None:
    # Nobody is asked: an unresolved reference keeps sign-in from being tried.
    installation.settings |= {"DATAVERSE_URL": url, "AUTH": auth, "CLIENT_SECRET": VAULT}
    found, text = told(installation.look("address"))
    assert (found, says in text, "s3cret" in text) == (status, True, False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLIENT_SECRET", VAULT),
        ("CERTIFICATE_PASSWORD", VAULT.lower()),
        ("WEBHOOK_KEYS", f"a-key-of-many-letters,{VAULT}"),
        ("WORK", VAULT),
        ("STORAGE", VAULT),
    ],
)
def test_an_unresolved_key_vault_reference_is_named_and_not_shown(
    installation: Installation, name: str, value: str, tmp_path: Path
) -> None:
    installation.settings |= {"CLIENT_SECRET": "resolved", name: value}
    if name == "WORK":
        installation.settings["WORK"] = f"{value}{tmp_path}"
    found = installation.findings()["key vault"].verdict
    assert (found.status, found.cause) == (Status.PROBLEM, Cause.CONFIGURATION)
    assert f"GRADESYS_{name}" in found.text
    assert "vault.example" not in found.text + found.hint


@pytest.mark.parametrize(
    ("keys", "url", "status", "says"),
    [
        ("", REAL, Status.PROBLEM, "every event is refused"),
        ("short", REAL, Status.WARNING, "shorter than 16"),
        ("short", "http://127.0.0.1:1", Status.OK, "1 set"),
        ("a-key-of-many-letters,another-of-as-many", REAL, Status.OK, "2 set"),
    ],
)
def test_webhook_keys_are_set_and_long(
    installation: Installation, keys: str, url: str, status: Status, says: str
) -> None:
    installation.settings |= {"WEBHOOK_KEYS": keys, "DATAVERSE_URL": url}
    found, text = told(installation.look("webhook keys"))
    assert (found, says in text) == (status, True)
    assert "many-letters" not in text


@pytest.mark.parametrize(
    ("rules", "status", "says"),
    [
        ({"best.yaml": RULES}, Status.OK, "active: best"),
        ({"best.yaml": RULES.replace("op: sum", "op: summ")}, Status.PROBLEM, "best.yaml:5:"),
        ({"best.yaml": "schema: ["}, Status.PROBLEM, "best.yaml:"),
    ],
)
def test_rule_files_are_checked_with_their_places(
    installation: Installation, rules: dict[str, str], status: Status, says: str
) -> None:
    for name, text in rules.items():
        installation.rule(text, name)
    found, text = told(installation.look("rules"))
    assert (found, says in text) == (status, True)


def test_a_folder_without_rules_is_worth_a_warning(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    installation.settings["RULES"] = str(tmp_path / "nothing")
    assert installation.look("rules").status is Status.WARNING


def test_a_missing_rule_folder_is_a_problem(installation: Installation, tmp_path: Path) -> None:
    installation.settings["RULES"] = str(tmp_path / "elsewhere")
    found = installation.look("rules")
    assert (found.status, found.cause) == (Status.PROBLEM, Cause.CONFIGURATION)
    assert "GRADESYS_RULES" in found.text


@pytest.mark.parametrize("content", [b"this is no database, not at all", None])
def test_marks_that_cannot_be_written_are_a_problem(
    installation: Installation, tmp_path: Path, content: bytes | None
) -> None:
    work = tmp_path / "work.sqlite"
    if content is None:
        work.mkdir()
    else:
        work.write_bytes(content)
    findings = installation.findings()
    assert findings["marks"].verdict.cause is Cause.CONFIGURATION
    assert "GRADESYS_WORK" in findings["marks"].verdict.hint
    assert findings["backlog"].verdict.text == "not checked, because of: marks"


@pytest.mark.parametrize(
    ("storage", "says"),
    [
        ("Contoso Grade", "name or the https address"),
        ("AccountName=contosograde;AccountKey=c2VjcmV0", "this machine only"),
        ("contosograde", "without credentials"),
    ],
)
def test_a_storage_account_that_may_not_be_used_is_a_problem(
    installation: Installation, storage: str, says: str
) -> None:
    installation.settings["STORAGE"] = storage
    found = installation.look("marks")
    assert (found.cause, says in found.text) == (Cause.CONFIGURATION, True)
    assert "c2VjcmV0" not in found.text + found.hint


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [
        (0, (Status.OK, "1 waiting")),
        (3600, (Status.WARNING, "is the service running?")),
    ],
)
def test_what_waits_is_counted(
    installation: Installation,
    tmp_path: Path,
    age_s: float,
    expected: tuple[Status, str],
) -> None:
    now = installation.clock().timestamp()
    marks = SqliteMarks(Database(tmp_path / "work.sqlite"), lambda: now - age_s)
    marks.mark([ACCOUNT])
    status, says = expected
    found, text = told(installation.look("backlog"))
    assert (found, says in text) == (status, True)
