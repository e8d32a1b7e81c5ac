"""The packs' hand-worked cases: enough of them, worked, and met by the oracle (by the engine in
tests/rules/test_cases.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.cases import Case, read_cases
from tests.oracle.loading import load_file
from tests.packs.shipped import NAMES, PACKS

FILES = sorted((PACKS / "tests").glob("*.yaml"))
ENOUGH = 8
BY_HAND = [
    pytest.param(case, id=f"{f.stem}: {case.name}") for f in FILES for case in read_cases(f, PACKS)
]


def test_every_pack_has_cases() -> None:
    assert [file.stem for file in FILES] == list(NAMES)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_cases_are_worked_by_hand_and_have_names_of_their_own(file: Path) -> None:
    cases = load_file(file)["cases"]
    assert len(cases) >= ENOUGH
    assert len({case["name"] for case in cases}) == len(cases)
    assert all(len(case["working"]) > len("no score") for case in cases)
    assert any(_is_outside(case) for case in cases)


def _is_outside(case: dict[str, Any]) -> bool:
    """A case about a row that is not scored, or must not count among those that are."""
    return case["expect"].get("in_population") is False or "inactive" in case["name"]


@pytest.mark.parametrize("case", BY_HAND)
def test_the_oracle_meets_the_case(case: Case) -> None:
    assert case.differences() == []
