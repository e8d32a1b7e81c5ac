"""The tests can see: without any one of its guards, the engine is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.schedules.mutants import MUTANTS, ROOT, apply, copy_sources, run_suite


@pytest.mark.parametrize("guard", MUTANTS)
def test_every_guard_can_still_be_cut_out(guard: str) -> None:
    for cut in MUTANTS[guard]:
        assert (ROOT / cut.file).read_text(encoding="utf-8").count(cut.guard) == 1, cut


@pytest.mark.long
@pytest.mark.parametrize("guard", MUTANTS)
def test_the_suite_fails_without_this_guard(guard: str, tmp_path: Path) -> None:
    copy_sources(tmp_path)
    apply(MUTANTS[guard], tmp_path)
    code, said = run_suite(tmp_path)
    assert code == 1, f"exit code {code}, where tests should fail: {said}"
    print(*(line for line in said.splitlines() if line.startswith("FAILED")), sep="\n")


@pytest.mark.long
def test_the_suite_passes_with_all_guards(tmp_path: Path) -> None:
    copy_sources(tmp_path)
    code, said = run_suite(tmp_path)
    assert code == 0, said
