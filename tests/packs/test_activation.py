"""Packs in force: any of them together, but two writers of one column are told what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradesys.errors import RuleError
from gradesys.rules.rulefiles import load_folder
from tests.packs.shipped import NAMES, PACKS

ROLES = ("score", "grade", "explanation", "scored_on", "state", "model_version")


def active(folder: Path, **extended: str) -> Path:
    """A folder of rule files: id of a model -> the pack it extends."""
    for name, pack in extended.items():
        text = f"schema: gradesys/v1\nextends: {pack}\nid: {name}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_all_packs_may_be_active_together(tmp_path: Path) -> None:
    rules = active(tmp_path, **{name: name for name in NAMES})
    assert {source.model.id for source in load_folder(rules, PACKS)} == set(NAMES)


def test_two_models_of_one_pack_are_told_which_column_and_the_way_out(tmp_path: Path) -> None:
    rules = active(tmp_path, east="customer_ltv", west="customer_ltv")
    with pytest.raises(RuleError) as refused:
        load_folder(rules, PACKS)
    first = refused.value.problems[0]
    assert first.path == ("output", "score")
    assert first.message == (
        "'gs_ltv' of account is written by model 'east' already; name another column under output "
        "of 'west', or let only one of the two be active"
    )
    assert len(refused.value.problems) == len({problem.path for problem in refused.value.problems})


def test_another_column_for_each_output_is_the_way_out(tmp_path: Path) -> None:
    rules = active(tmp_path, east="customer_ltv", west="customer_ltv")
    output = {role: f"gs_west{role.replace('_', '')}" for role in ROLES}
    lines = "\n".join(f"  {role}: {column}" for role, column in output.items())
    with (rules / "west.yaml").open("a", encoding="utf-8") as file:
        file.write(f"output:\n{lines}\n")
    assert len(load_folder(rules, PACKS)) == 2
