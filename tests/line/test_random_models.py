"""Random models over random rows on the whole line: every stored output is the oracle's."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.line.arena import Arena, arena
from tests.line.running import Line, running_line
from tests.line.upheaval import EDITS, Upheaval
from tests.line.verdict import wrong
from tests.oracle.writing import as_yaml

EDIT_COUNT = 60


def write_rules(made: Arena, folder: Path) -> str:
    """The rule files of an arena; their folder."""
    rules = folder / "rules"
    rules.mkdir()
    for model in made.models:
        (rules / f"{model['id']}.yaml").write_text(as_yaml(model), encoding="utf-8")
    return str(rules)


def upheaval_of(line: Line, made: Arena) -> Upheaval:
    """An editor of all rows of the arena."""
    ids = {table: [row[f"{table}id"] for row in rows] for table, rows in made.rows.items()}
    return Upheaval(line, made.setting, ids)


@pytest.mark.long
@pytest.mark.parametrize(
    ("seed", "level"),
    [
        (5, "line"),
        *((seed, "full") for seed in range(1, 8)),
    ],
)
def test_five_random_models_stay_exact_through_edits_and_days(
    seed: int, level: str, tmp_path: Path
) -> None:
    made = arena(seed, level)
    settings = {"GRADESYS_RULES": write_rules(made, tmp_path), "GRADESYS_NOW": iso(made)}
    rows = json.loads(as_yaml(made.rows))
    with running_line(rows, tmp_path, "--now", iso(made), **settings) as line:
        assert line.resync()["written"] > 0
        assert wrong(line, made.models, made.as_of) == []
        assert line.resync()["written"] == 0

        line.serve()
        upheaval = upheaval_of(line, made)
        for _ in range(EDIT_COUNT):
            upheaval.edit()
        line.settle()
        assert all(upheaval.done[kind] for kind in EDITS), upheaval.done
        assert wrong(line, made.models, made.as_of) == []
        assert line.resync()["written"] == 0

        line.kill_service()
        later = made.as_of + timedelta(days=31)
        line.extra = {**line.extra, "GRADESYS_NOW": later.isoformat()}
        line.resync()
        assert wrong(line, made.models, later) == []
        assert line.resync()["written"] == 0
        assert line.marks.stats().parked == line.stats()["unsupported"] == 0


def iso(made: Arena) -> str:
    """The arena's clock, for both sides."""
    return made.as_of.isoformat()
