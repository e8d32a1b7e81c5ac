"""``gradesys diff``: what changed between two rule files, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradesys.cli.files import PACKS, packs_beside
from gradesys.cli.languages import LANG

if TYPE_CHECKING:
    from gradesys.rules.model import RuleModel

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@PACKS
@LANG
def diff(old: Path, new: Path, packs: Path | None, lang: str) -> int:
    """Say in words how NEW differs from OLD, and whether scores or grades can move."""
    from gradesys.cli.changes import WORDS, changes
    from gradesys.rules.version import model_version

    before, after = (_model(file, packs or packs_beside([file])) for file in (old, new))
    for sentence in changes(before, after, lang):
        click.echo(sentence)
    moves = model_version(before) != model_version(after)
    click.echo(WORDS[lang]["moves" if moves else "stays"])
    return 0


def _model(file: Path, packs: Path | None) -> RuleModel:
    from gradesys.rules.parse import parse_model
    from gradesys.rules.sources import load_packs, read_document

    documents, _ = load_packs(packs)
    return parse_model(read_document(file), documents)
