"""A pack on the demo's stage: rule files for it and for what it reads.

A pack that reads another's score (value_risk_matrix reads two) is shown together with it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from gradesys.demo.processes import ROOT
from gradesys.rules.compile import compile_model
from gradesys.rules.model import RuleModel
from gradesys.rules.order import needs
from gradesys.rules.rulefiles import examine
from gradesys.rules.sources import files_below

CONFIG = ROOT / "config"
PACKS = CONFIG / "packs"


def read_packs() -> dict[str, RuleModel]:
    """Every pack by its id, in name order."""
    examined = examine(files_below(PACKS), PACKS)
    return {source.model.id: source.model for source in examined.sources}


def active_models() -> tuple[RuleModel, ...]:
    """The models of config/rules."""
    examined = examine(files_below(CONFIG / "rules"), PACKS)
    return tuple(source.model for source in examined.sources)


def with_sources(name: str, packs: dict[str, RuleModel]) -> tuple[RuleModel, ...]:
    """A pack and those whose scores it reads, directly or through others; the pack comes first."""
    needed = needs([compile_model(model, None) for model in packs.values()], None)
    found = [name]
    for each in found:
        found += sorted(needed[each] - set(found))
    return tuple(packs[each] for each in found)


def write_rules(folder: Path, models: tuple[RuleModel, ...]) -> Path:
    """The active rules beside the packs that they extend; the folder of the rules."""
    rules = folder / "rules"
    shutil.copytree(CONFIG / "rules", rules)
    shutil.copytree(PACKS, folder / "packs", ignore=shutil.ignore_patterns("tests"))
    for model in models:
        text = f"schema: gradesys/v1\nextends: {model.id}\nid: {model.id}\n"
        (rules / f"{model.id}.yaml").write_text(text, encoding="utf-8")
    return rules
