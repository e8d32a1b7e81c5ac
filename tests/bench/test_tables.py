"""No figure of docs/performance.md is typed by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import tables
from bench.tables import PAGE, filled, goals


def test_the_page_shows_the_figures_of_the_stored_runs() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = set(filled(page).splitlines()) - set(page.splitlines())
    assert not missing, "python -m bench.tables writes them"


@pytest.mark.parametrize(
    ("goal", "row"),
    [
        (
            {"name": "1: times as fast", "found": 1.2, "bound": 1.5, "least": True},
            "| 1 | times as fast | at least 1.5 | 1.2 | **missed** by 20% |",
        ),
        (
            {"name": "3: MB", "found": 160, "bound": 160, "least": False},
            "| 3 | MB | at most 160 | 160 | met |",
        ),
        (
            {"name": "burst: wrong scores", "found": 0, "bound": 0, "least": False},
            "| 1, 2, 3 | burst: wrong scores | at most 0 | 0 | met |",
        ),
        (
            {"name": "2: speed", "found": None, "bound": 1, "least": True},
            "| 2 | speed | at least 1 | unknown | missed |",
        ),
    ],
)
def test_a_goal_is_one_row(
    goal: dict[str, object], row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full.json").write_text(json.dumps({"goals": [goal]}), encoding="utf-8")
    monkeypatch.setattr(tables, "RESULTS", tmp_path)
    assert list(goals())[2:] == [row]
