"""The card's own tests, its types, and that it is tested with what the rules write today."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from solution.controls.rebuild import HERE
from tests.controls.drawn import drawn
from tests.controls.written import JSON, all_written
from tests.node import NODE

SEEDS = range(60)


def run(script: str, *arguments: str) -> None:
    """Run a script of the card's packages; it may not fail."""
    assert (HERE / "node_modules").exists(), "its packages are missing: run python dev.py test"
    done = subprocess.run(
        [str(NODE), f"node_modules/{script}", *arguments],
        cwd=HERE,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_card_passes_its_own_tests_on_explanations_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explanations = list(drawn(SEEDS))
    assert len(explanations) > len(SEEDS)
    file = tmp_path / "drawn.json"
    file.write_text(json.dumps(explanations), encoding="utf-8")
    monkeypatch.setenv("GRADESYS_DRAWN", str(file))

    run("vitest/vitest.mjs", "run", "--reporter=dot")


@pytest.mark.long
def test_the_card_and_its_tests_have_their_types() -> None:
    run("typescript/bin/tsc")


def test_it_is_tested_with_what_the_rules_write() -> None:
    told = json.loads(JSON.read_text(encoding="utf-8"))

    assert told == all_written(), "write it anew: python -m tests.controls.written"
