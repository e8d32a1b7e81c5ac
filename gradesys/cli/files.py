"""Rule, pack and case files as commands are told about them: paths, and the packs beside them."""

from __future__ import annotations

from pathlib import Path

import click

PATHS = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
PACKS = click.option(
    "--packs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where pack: and extends: are looked up by id (default: packs beside the rules).",
)
PARAMS = click.option(
    "--params",
    envvar="GRADESYS_PARAMS",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of params that this environment sets otherwise (default: GRADESYS_PARAMS).",
)
FOLDER = click.option(
    "--rules",
    envvar="GRADESYS_RULES",
    default="config/rules",
    show_default=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the rule files (default: GRADESYS_RULES).",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def yaml_files(paths: tuple[Path, ...]) -> list[Path]:
    """The files named, and every *.yaml and *.yml below the folders named, in name order."""
    from gradesys.rules.sources import files_below

    return [file for path in paths for file in files_below(path)]


def packs_beside(files: list[Path]) -> Path | None:
    """The packs folder that the files lie in, or the one beside their folder."""
    for file in files:
        around = [each for each in file.absolute().parents if each.name == "packs"]
        beside = [near / "packs" for near in (file.parent.parent, file.parent)]
        found = next((folder for folder in (*around, *beside) if folder.is_dir()), None)
        if found is not None:
            return found
    return None
