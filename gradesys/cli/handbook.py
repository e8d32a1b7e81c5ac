"""``gradesys handbook``: a page a model for the people who are graded."""

from __future__ import annotations

from pathlib import Path

import click

from gradesys.cli.files import FOLDER, PACKS, PARAMS, packs_beside


@click.command()
@FOLDER
@PACKS
@PARAMS
@click.option(
    "--out",
    default="handbook",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the pages.",
)
def handbook(rules: Path, packs: Path | None, params: Path | None, out: Path) -> int:
    """Write one HTML page a model in force: what counts, what grades mean, what raises them."""
    from gradesys.cli.page import page
    from gradesys.rules.rulefiles import load_folder
    from gradesys.rules.sources import files_below
    from gradesys.rules.version import model_version

    folder = packs or packs_beside(list(files_below(rules)))
    sources = load_folder(rules, folder, params)
    out.mkdir(parents=True, exist_ok=True)
    for source in sources:
        file = out / f"{source.model.id}.html"
        file.write_text(page(source.model, model_version(source.model)), encoding="utf-8")
        click.echo(str(file))
    return 0
