"""The activate command: what was in force when, and how an older folder comes back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradesys.cli import gradesys
from tests.engine.rulesets import NEW, OLD


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADESYS_RULES", str(tmp_path / "rules"))
    monkeypatch.setenv("GRADESYS_WORK", str(tmp_path / "work.sqlite"))
    (tmp_path / "rules").mkdir()
    return tmp_path / "rules"


def activate(*arguments: str) -> list[str]:
    """The lines that the command prints, without their instants."""
    result = CliRunner().invoke(gradesys, ["activate", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return [re.sub(r"  \d{4}-\S+ \S+  \w{12}", "", line) for line in result.output.splitlines()]


def test_the_history_grows_with_each_change_and_says_which_models_it_changed(folder: Path) -> None:
    assert activate("--list") == ["no rules were put in force yet"]
    first, second = "1  changed: customers", "2  changed: customers"
    (folder / "customers.yaml").write_text(OLD, "utf-8")
    assert activate() == [first + "  in force"]
    assert activate() == [first + "  in force"]
    (folder / "customers.yaml").write_text(NEW, "utf-8")
    assert activate() == [first, second + "  in force"]
    (folder / "customers.yaml").write_text(OLD, "utf-8")
    assert activate() == [first, second, "3  changed: customers  in force"]
    (folder / "customers.yaml").unlink()
    assert activate("--list") == [first, second, "3  changed: customers  in force"]
