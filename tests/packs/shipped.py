"""The packs that are delivered, as their files hold them and as the loader understands them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gradesys.rules.model import RuleModel
from gradesys.rules.rulefiles import Examined, examine
from gradesys.rules.sources import files_below

CONFIG = Path(__file__).parents[2] / "config"
PACKS = CONFIG / "packs"
NAMES = tuple(sorted(file.stem for file in PACKS.glob("*.yaml")))


@cache
def examined() -> Examined:
    """Every pack and its cases, as ``gradesys validate config/packs`` reads them."""
    return examine(files_below(PACKS), PACKS)


@cache
def models() -> dict[str, RuleModel]:
    """Every pack by its id: whoever names tests by them shares them, since reading takes long."""
    return {source.model.id: source.model for source in examined().sources}
