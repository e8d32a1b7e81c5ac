"""``gradesys schema``: the JSON Schema with which editors complete and check rule files."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.option(
    "--out",
    default="config/rules.schema.json",
    show_default=True,
    help="The file to write; - prints.",
)
def schema(out: str) -> int:
    """Write the JSON Schema of rule files, for editors."""
    from gradesys.rules.schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if out == "-":
        click.echo(text)
    else:
        Path(out).write_text(text + "\n", encoding="utf-8")
        click.echo(out, err=True)
    return 0
