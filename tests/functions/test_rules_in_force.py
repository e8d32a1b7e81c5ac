"""Services with rule folders of their own on one file of marks: edits, restarts, and who is old."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from functions.health import health
from functions.trigger import Incoming
from gradesys import loading
from gradesys.app import App
from gradesys.errors import TemporaryError
from gradesys.org import read_rules
from gradesys.rules.rulebook import open_rulebook
from gradesys.settings import Settings
from tests.engine.rulesets import NEW, OLD
from tests.engine.world import ORDERS, SCHEMA, MemoryOrg, small_org, target

Start = Callable[[str], App]
KEY = frozenset({target()})


class AnsweringOrg(MemoryOrg):
    """Knows its id, as an organisation does."""

    def organization_id(self) -> str:
        return "4b5c6d7e-0000-4000-8000-00000000c001"


@pytest.fixture
def org() -> AnsweringOrg:
    return AnsweringOrg(small_org().tables)


@pytest.fixture
def start(org: AnsweringOrg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start a service on a folder of rules; it looks at the folder each time it is asked."""

    def connect(settings: Settings, *connection: object) -> object:
        return SimpleNamespace(rulebook=open_rulebook(read_rules(settings), SCHEMA), store=org)

    monkeypatch.setattr(loading, "connect", connect)
    monkeypatch.setattr(loading, "LOOK_AGAIN_S", 0.0)
    url, work = "http://127.0.0.1:9", tmp_path / "work.sqlite"
    return lambda name: App(
        Settings(dataverse_url=url, auth="none", work=work, rules=tmp_path / name)
    )


def write(folder: Path, text: str, time: int) -> None:
    """Write the folder's rules at that time."""
    folder.mkdir(exist_ok=True)
    for name, content in (("customers.yaml", text), ("orders.yaml", ORDERS)):
        (folder / name).write_text(content, "utf-8")
        os.utime(folder / name, (time, time))


def works(app: App) -> bool:
    """Whether a service may handle keys."""
    try:
        app.context().require_in_force()
    except TemporaryError:
        return False
    return True


def told(app: App) -> list[tuple[str, str]]:
    """What the health page says about rules."""
    reasons = health(app, Incoming({}, b"")).body["reasons"]
    about = {"superseded", "models"}
    return [(each["code"], each["color"]) for each in reasons if each["code"] in about]


@pytest.fixture
def old(start: Start, tmp_path: Path) -> App:
    """A service that runs with the old rules."""
    write(tmp_path / "old", OLD, 1_000)
    app = start("old")
    assert works(app)
    return app


@pytest.fixture
def new(old: App, start: Start, tmp_path: Path) -> App:
    """A service that was started after it, with the new ones."""
    write(tmp_path / "new", NEW, 2_000)
    app = start("new")
    assert works(app)
    return app


def test_the_old_service_accepts_marks_and_only_the_new_one_scores(
    org: AnsweringOrg, old: App, new: App
) -> None:
    assert (works(old), works(new)) == (False, True)
    old.marks.mark(KEY)
    assert (old.work_once(), old.work_once(KEY), org.writes) == (0, 1, [])
    assert old.marks.waiting(KEY) == KEY
    assert (told(old), told(new)) == ([("superseded", "yellow")], [])


def test_a_named_key_is_given_back_and_the_new_service_takes_it(
    org: AnsweringOrg, old: App, new: App
) -> None:
    new.marks.mark(KEY)
    assert new.work_once() == 1
    assert org.score() == Decimal(1)


def test_a_restarted_old_service_and_another_of_its_kind_stay_old(
    old: App, new: App, start: Start
) -> None:
    assert (works(start("old")), works(start("new")), works(new)) == (False, True, True)


def test_an_edit_in_a_running_service_is_put_in_force_also_back_to_an_older_file(
    old: App, new: App, tmp_path: Path
) -> None:
    write(tmp_path / "new", OLD, 500)
    assert works(new)
    assert works(old)
    write(tmp_path / "old", NEW, 400)
    assert (works(old), works(new)) == (True, False)


def test_a_broken_file_is_never_put_in_force(old: App, new: App, tmp_path: Path) -> None:
    write(tmp_path / "new", "schema: gradesys/v1\nid: [", 3_000)
    assert works(new)
    assert "customers.yaml" in new.problems()["rules"]
    write(tmp_path / "new", NEW, 4_000)
    assert (works(new), works(old), told(new)) == (True, False, [])


def test_a_file_that_is_only_touched_makes_an_old_service_new(
    old: App, new: App, tmp_path: Path
) -> None:
    write(tmp_path / "old", OLD, 3_000)
    assert (works(old), works(new)) == (False, True)
    write(tmp_path / "old", OLD, 9_000_000_000)
    assert (works(old), works(new)) == (True, False)


def test_a_title_is_another_rule_too(old: App, start: Start, tmp_path: Path) -> None:
    write(tmp_path / "titled", OLD.replace("table:", "title: {en: Customers}\ntable:"), 2_000)
    assert (works(start("titled")), works(old)) == (True, False)
