"""``gradesys new``: a rule file that starts from a pack, with what an author may want to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from gradesys.cli.files import FOLDER, PACKS, packs_beside
from gradesys.cli.flow import flow
from gradesys.errors import GradesysError

HEAD = """\
# What does not stand here comes from the pack {pack}. A key here wins over the pack's: maps are
# merged key by key, lists and single values replace, null takes a key away.
# Check it with: gradesys validate {folder}
schema: gradesys/v1
id: {name}
extends: {pack}
title: {{en: {en}, fa: {fa}}}
"""
PARAMS = """
# The pack's params. Remove the # of a line, and of `params:`, to set it otherwise.
# params:
"""
OUTPUT = """
# Where results are written. A column may be the output of one model only.
# output:
"""


@click.command()
@click.argument("name")
@click.option("--pack", required=True, help="The pack to start from, by id.")
@PACKS
@FOLDER
def new(name: str, pack: str, packs: Path | None, rules: Path) -> int:
    """Write a commented rule file NAME.yaml that extends a pack."""
    from gradesys.rules.rulefiles import examine
    from gradesys.rules.scorechecks import SLUG

    file = rules / f"{name}.yaml"
    if not SLUG.fullmatch(name):
        raise click.UsageError(f"'{name}' is no id: letters, digits, - and _ only")
    if file.exists():
        raise click.UsageError(f"{file} is there already")
    folder = packs or packs_beside([file])
    text = rule_text(name, _pack(pack, folder), rules)
    file.write_text(text, encoding="utf-8")
    click.echo(str(file))
    for problem in examine([file], folder).errors:
        click.echo(str(problem), err=True)
    return 0


def _pack(pack: str, folder: Path | None) -> Mapping[str, Any]:
    from gradesys.rules.nearest import nearest
    from gradesys.rules.resolving import with_base
    from gradesys.rules.sources import load_packs

    documents, _ = load_packs(folder)
    if pack not in documents:
        known = ", ".join(sorted(documents)) or "none"
        raise GradesysError(f"no such pack '{pack}'{nearest(pack, documents)} (there are: {known})")
    data: Mapping[str, Any] = with_base(documents[pack], documents).data
    return {**data, "id": pack}


def rule_text(name: str, pack: Mapping[str, Any], folder: Path) -> str:
    """The text of the file; ``pack``: its data with everything it extends."""
    title = pack.get("title") or {}
    told = {"en": flow(title.get("en", name)), "fa": flow(title.get("fa", name))}
    text = HEAD.format(pack=pack["id"], name=name, folder=folder.as_posix(), **told)
    if pack.get("params"):
        text += PARAMS + "".join(_lines(pack["params"]))
    return text + OUTPUT + "".join(_lines(pack.get("output") or {}))


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    return (f"#   {key}: {flow(value)}\n" for key, value in data.items())
