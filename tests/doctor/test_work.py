"""What doctor finds in the work that was done, and in what the service runs on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gradesys.activation import Ruleset, activate
from gradesys.doctor import Status, packages
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.org import read_rules
from gradesys.records import Key, KeyKind
from gradesys.rules.rulebook import digests_of
from gradesys.settings import Settings
from tests.doctor.installation import Installation, told

NOW = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)


@pytest.fixture
def ledger(installation: Installation, tmp_path: Path) -> SqliteLedger:
    installation.clock = lambda: NOW
    return SqliteLedger(Database(tmp_path / "work.sqlite"))


def at(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def test_what_is_parked_is_named_by_table(installation: Installation, tmp_path: Path) -> None:
    assert installation.look("parked").text == "nothing is parked"
    marks = SqliteMarks(Database(tmp_path / "work.sqlite"))
    marks.park(Key(KeyKind.TARGET, "account", "a"), "best", "text against number")
    assert told(installation.look("parked")) == (
        Status.WARNING,
        "1 parked, of account -> gradesys parked list says why; then: gradesys parked retry --all",
    )


@pytest.mark.parametrize(
    ("finished", "status", "says"),
    [
        (None, Status.OK, "gradesys resync runs one"),
        ({"at": at(1)}, Status.OK, "within 26 hours"),
        ({"at": at(27)}, Status.WARNING, "older than 26 hours: best"),
        ({"at": at(1), "drift": 0.002}, Status.WARNING, "no event explains: best"),
    ],
)
def test_the_last_resync_is_judged(
    installation: Installation,
    ledger: SqliteLedger,
    finished: Mapping[str, Any] | None,
    status: Status,
    says: str,
) -> None:
    if finished is not None:
        ledger.put_if("finished/best", finished, 0)
    found, text = told(installation.look("resync"))
    assert (found, says in text) == (status, True)


def test_the_rules_in_force_are_compared_with_those_of_the_folder(
    installation: Installation, ledger: SqliteLedger
) -> None:
    assert "none were put in force yet" in installation.look("in force").text
    ours = digests_of(read_rules(Settings(rules=installation.folder / "rules")))
    activate(ledger, Ruleset(ours, 1.0), NOW.timestamp())
    assert "those of this folder" in installation.look("in force").text
    activate(ledger, Ruleset({"best": "another"}, 2.0), NOW.timestamp())
    found, text = told(installation.look("in force"))
    assert (found, "gradesys activate" in text) == (Status.WARNING, True)


@pytest.mark.parametrize(
    ("last", "status", "says"),
    [
        (None, Status.OK, "no round yet"),
        ({"at": at(0.2), "marked": 3, "refused": []}, Status.OK, "3 marked"),
        ({"at": at(2), "marked": 3, "refused": []}, Status.WARNING, "is the service running?"),
        (
            {"at": at(0.2), "marked": 0, "refused": ["failed system jobs"]},
            Status.WARNING,
            "gradesys catchup says which",
        ),
    ],
)
def test_the_last_round_is_judged(
    installation: Installation,
    ledger: SqliteLedger,
    last: Mapping[str, Any] | None,
    status: Status,
    says: str,
) -> None:
    if last is not None:
        ledger.put_if("catchup", last, 0)
    found, text = told(installation.look("catch-up"))
    assert (found, says in text) == (status, True)


@pytest.mark.parametrize(
    ("pins", "status", "says"),
    [
        (["click==0.0.1"], Status.WARNING, "instead of 0.0.1"),
        (["no-such-package==1.0"], Status.WARNING, "no-such-package missing"),
        (['click==0.0.1; python_version < "3"'], Status.OK, "as pinned"),
        ([], Status.OK, "Python 3."),
    ],
)
def test_packages_are_compared_with_the_pinned_ones(
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    pins: list[str],
    status: Status,
    says: str,
) -> None:
    monkeypatch.setattr(packages, "requires", lambda name: pins)
    found, text = told(installation.look("python"))
    assert (found, says in text) == (status, True)


def test_an_old_python_is_a_problem(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "OLDEST", (99, 0))
    assert installation.look("python").status is Status.PROBLEM


def test_a_collector_without_the_extra_is_worth_a_warning(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "health page only" in installation.look("telemetry").text
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    assert installation.look("telemetry").status is Status.OK
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    assert "gradesys[otel]" in installation.look("telemetry").hint


def test_whether_anybody_hears_of_red(installation: Installation) -> None:
    assert "GRADESYS_ALERT_URL" in installation.look("alerts").text
    installation.settings["ALERT_URL"] = "https://hooks.example/s3cret"
    found = installation.look("alerts")
    assert (found.status, "s3cret" in found.text) == (Status.OK, False)
    installation.settings["ALERT_URL"] = "http://hooks.example/s3cret"
    assert installation.look("settings").status is Status.PROBLEM
