"""A pack on the demo's stage: rule files for it and for what it reads, and the columns it expects.

A pack that reads another's score (value_risk_matrix reads two) is shown together with it. The
columns that people fill in (a tier given by hand) belong to no rule file's output, so deploy never
makes them; the demo's org gets them as an administrator would make them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradesys.demo.processes import ROOT
from gradesys.demo.user import User
from gradesys.deploy.names import schema_name
from gradesys.deploy.texts import ENGLISH, PERSIAN, Languages, Text, label, translations
from gradesys.rules.compile import compile_model
from gradesys.rules.model import RuleModel
from gradesys.rules.order import needs
from gradesys.rules.rulefiles import examine
from gradesys.rules.sources import files_below

CONFIG = ROOT / "config"
PACKS = CONFIG / "packs"
LANGUAGES = Languages(ENGLISH, (ENGLISH, PERSIAN))
CRM = "Microsoft.Dynamics.CRM."
GRADE_LENGTH = 100

Body = dict[str, Any]


def read_packs() -> dict[str, RuleModel]:
    """Every pack by its id, in name order."""
    examined = examine(files_below(PACKS), PACKS)
    return {source.model.id: source.model for source in examined.sources}


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


def make_columns(user: User, models: tuple[RuleModel, ...]) -> int:
    """Create the columns that people fill in; how many."""
    made = 0
    for model in models:
        path = f"EntityDefinitions(LogicalName='{model.table}')/Attributes"
        for body in _own_columns(model):
            user.ask("POST", path, body)
            made += 1
    return made


def _own_columns(model: RuleModel) -> Iterator[Body]:
    if model.manual is not None:
        title = Text("Grade by hand", "درجهٔ دستی")
        yield _column("String", model.manual.grade_column, title) | {"MaxLength": GRADE_LENGTH}
        if model.manual.until_column is not None:
            title = Text("Grade by hand until", "اعتبار درجهٔ دستی تا")
            behavior = {"Format": "DateOnly", "DateTimeBehavior": {"Value": "DateOnly"}}
            yield _column("DateTime", model.manual.until_column, title) | behavior
    if model.lock_column is not None:
        title = Text("Grade locked", "درجه قفل است")
        yield _column("Boolean", model.lock_column, title) | {"OptionSet": _yes_or_no()}


def _column(kind: str, name: str, title: Text) -> Body:
    return {
        "@odata.type": f"{CRM}{kind}AttributeMetadata",
        "SchemaName": schema_name(name),
        "DisplayName": label(translations(title, LANGUAGES)),
    }


def _yes_or_no() -> Body:
    def option(value: int, title: Text) -> Body:
        return {"Value": value, "Label": label(translations(title, LANGUAGES))}

    yes, no = option(1, Text("Yes", "بله")), option(0, Text("No", "خیر"))
    return {
        "@odata.type": f"{CRM}BooleanOptionSetMetadata",
        "TrueOption": yes,
        "FalseOption": no,
    }
