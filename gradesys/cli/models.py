"""``gradesys models``: which model owns which column, whether it is on, and its version."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradesys.cli.files import FOLDER, JSON, PACKS, PARAMS, packs_beside
from gradesys.cli.languages import LANG, text_of

if TYPE_CHECKING:
    from gradesys.rules.model import RuleModel

WIDTH = 140
WORDS = {
    "en": ("model", "title", "table", "state", "version", "columns", "on", "off"),
    "fa": ("مدل", "عنوان", "جدول", "وضعیت", "نسخه", "ستون‌ها", "روشن", "خاموش"),
}


@click.command()
@FOLDER
@PACKS
@PARAMS
@LANG
@JSON
def models(rules: Path, packs: Path | None, params: Path | None, lang: str, as_json: bool) -> int:
    """List the models of the rule folder, the columns they own, and which are switched off."""
    from gradesys.rules.environment import read_environment
    from gradesys.rules.rulefiles import examine
    from gradesys.rules.sources import files_below

    files = files_below(rules)
    examined = examine(files, packs or packs_beside(list(files)), read_environment(params))
    found = [source.model for source in examined.sources]
    if as_json:
        click.echo(json.dumps([_told(model) for model in found], ensure_ascii=False))
    else:
        _table(found, lang)
    for problem in examined.errors:
        click.echo(str(problem), err=True)
    return 1 if examined.errors else 0


def _told(model: RuleModel) -> dict[str, object]:
    from gradesys.rules.version import model_version

    return {
        "id": model.id,
        "title": model.title.texts,
        "table": model.table,
        "enabled": model.enabled,
        "version": model_version(model),
        "columns": model.output.columns,
    }


def _table(found: list[RuleModel], lang: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    *columns, on, off = WORDS[lang]
    table = Table(*columns)
    for model in found:
        told = _told(model)
        title = text_of(model.title.texts, lang)
        roles = model.output.columns.items()
        owned = ", ".join(f"{role}: {column}" for role, column in roles)
        state = on if model.enabled else off
        cells = (model.id, title, model.table, state, str(told["version"]), owned)
        table.add_row(*map(Text, cells))
    Console(file=sys.stdout, width=WIDTH, highlight=False, no_color=True).print(table)
