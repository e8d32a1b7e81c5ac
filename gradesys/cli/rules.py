"""Commands about rule files, which need no organisation: validate, test, schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

if TYPE_CHECKING:
    from gradesys.rules.cases import CaseResult


EXACT = msgspec.json.Encoder(decimal_format="number")
"""JSON whose numbers keep every digit."""
PATHS = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)


def yaml_files(paths: tuple[Path, ...]) -> list[Path]:
    """The files named, and every *.yaml and *.yml below the folders named, in name order."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(f for f in path.rglob("*") if f.suffix in {".yaml", ".yml"})
        else:
            files.append(path)
    return files


@click.command()
@PATHS
@click.option("--packs", type=click.Path(exists=True, file_okay=False, path_type=Path))
def validate(paths: tuple[Path, ...], packs: Path | None) -> int:
    """Check rule files; every problem is one line: file:line:column: key: what is wrong."""
    from gradesys.rules.rulebook import check_files

    files = yaml_files(paths)
    errors, warnings = check_files(files, packs or packs_beside(files))
    for problem in warnings:
        click.echo(f"warning: {problem}")
    for problem in errors:
        click.echo(str(problem))
    click.echo(f"{len(files)} files, {len(errors)} errors, {len(warnings)} warnings", err=True)
    return 1 if errors else 0


def packs_beside(files: list[Path]) -> Path | None:
    """The packs folder beside the rule folder, where ``extends`` looks."""
    folders = (near / "packs" for file in files for near in (file.parent.parent, file.parent))
    return next((folder for folder in folders if folder.is_dir()), None)


@click.command(name="test")
@PATHS
@click.option(
    "--packs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where pack: and extends: are looked up by id.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def test_cases(paths: tuple[Path, ...], packs: Path | None, as_json: bool) -> int:
    """Run hand-worked case files against the rules, with the clock of each case."""
    from gradesys.rules.cases import run_files

    results = run_files(yaml_files(paths), packs)
    failed = [result for result in results if not result.ok]
    if as_json:
        click.echo(EXACT.encode(_document(results)).decode())
    else:
        for result in failed:
            click.echo(f"{result.file}: {result.name}\n{_difference(result)}")
        click.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _document(results: list[CaseResult]) -> dict[str, object]:
    passed = sum(result.ok for result in results)
    cases = [
        {"file": r.file, "name": r.name, "ok": r.ok, "expected": r.expected, "actual": r.actual}
        | ({"error": r.error} if r.error else {})
        for r in results
    ]
    return {"passed": passed, "failed": len(results) - passed, "cases": cases}


def _difference(result: CaseResult) -> str:
    """Field by field, only what differs."""
    if result.error:
        return f"  {result.error}"
    names = [n for n in result.expected if result.expected[n] != result.actual.get(n)]
    return "\n".join(
        f"  {name}: expected {result.expected[name]}, actual {result.actual.get(name)}"
        for name in names
    )


@click.command()
def schema() -> int:
    """Print the JSON Schema of rule files, for editors."""
    from gradesys.rules.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0


COMMANDS = (validate, test_cases, schema)
