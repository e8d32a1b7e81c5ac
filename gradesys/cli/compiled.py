"""``--compiled MODEL``: the one function that a model became, as it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gradesys.rules.compile import CompiledModel


def _show(context: click.Context, parameter: click.Parameter, model: str | None) -> None:
    if model is None or context.resilient_parsing:
        return
    compiled = _of_file(Path(model)) if Path(model).is_file() else _in_force(model)
    click.echo(compiled.scorer.source, nl=False)
    context.exit()


COMPILED = click.option(
    "--compiled",
    metavar="MODEL",
    is_eager=True,
    expose_value=False,
    callback=_show,
    help="Print what a rule file, or an active model's id, became: one Python function.",
)


def _of_file(file: Path) -> CompiledModel:
    """A rule file, as it is known without metadata."""
    from gradesys.cli.files import packs_beside
    from gradesys.rules.compile import compile_model
    from gradesys.rules.parse import parse_model
    from gradesys.rules.sources import load_packs, read_document

    packs, _ = load_packs(packs_beside([file]))
    return compile_model(parse_model(read_document(file), packs), None)


def _in_force(id: str) -> CompiledModel:
    """An active model, as the organisation's metadata completes it."""
    from gradesys.cli.runs import open_app

    models = {model.model.id: model for model in open_app().rulebook().models}
    if id not in models:
        known = ", ".join(models)
        raise click.UsageError(f"no rule file and no active model: {id} (active: {known})")
    return models[id]
