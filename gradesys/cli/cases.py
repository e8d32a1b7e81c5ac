"""``gradesys test``: worked cases against the rules, told to people, to programs and to CI."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click
import msgspec

from gradesys.cli.files import JSON, PACKS, PATHS, packs_beside, yaml_files

if TYPE_CHECKING:
    from gradesys.rules.cases import CaseResult
    from gradesys.rules.coverage import Coverage

EXACT = msgspec.json.Encoder(decimal_format="number")
"""JSON whose numbers keep every digit."""


class Wanted(TypedDict):
    """What else the command was asked for."""

    junit: Path | None
    coverage: bool
    generate: Path | None
    as_json: bool


@click.command(name="test")
@PATHS
@PACKS
@click.option("--junit", type=click.Path(path_type=Path), help="Also write a JUnit XML file.")
@click.option("--coverage", is_flag=True, help="Name what no case touches: bands, rules, nulls.")
@click.option(
    "--generate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write boundary cases of a rule file to this case file; what they expect is what the "
    "engine gives now.",
)
@JSON
def test_cases(paths: tuple[Path, ...], packs: Path | None, **wanted: Unpack[Wanted]) -> int:
    """Run worked case files against the rules, with the clock of each case."""
    from gradesys.rules.cases import run_files
    from gradesys.rules.coverage import coverage as covered

    files = yaml_files(paths)
    packs = packs or packs_beside(files)
    if wanted["generate"] is not None:
        return _generate(files, packs, wanted["generate"])
    results = run_files(files, packs)
    failed = [result for result in results if not result.ok]
    reached = covered(files, packs) if wanted["coverage"] else ()
    if wanted["junit"] is not None:
        from gradesys.cli.junit import junit_text

        wanted["junit"].write_text(junit_text(results), encoding="utf-8")
    if wanted["as_json"]:
        click.echo(EXACT.encode(_document(results, reached)).decode())
        return 1 if failed else 0
    for result in failed:
        click.echo(f"{result.file}: {result.name}\n{difference(result)}")
    for each in reached:
        click.echo(_coverage_lines(each))
    click.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _generate(files: list[Path], packs: Path | None, target: Path) -> int:
    from gradesys.cli.generated import generated_text

    if len(files) != 1:
        raise click.UsageError("--generate takes one rule file")
    text, skipped = generated_text(files[0], packs, target)
    target.write_text(text, encoding="utf-8")
    for name in skipped:
        click.echo(f"no rows found that give {name}", err=True)
    return 0


def difference(result: CaseResult) -> str:
    """What differs, a line a field, or why the case could not run."""
    told = [result.error] if result.error else map(str, result.differences)
    return "\n".join(f"  {each}" for each in told)


def _coverage_lines(covered: Coverage) -> str:
    touched = covered.parts - len(covered.untouched)
    lines = [f"{covered.model}: {touched} of {covered.parts} parts touched"]
    return "\n".join([*lines, *(f"  no case touches {path}" for path in covered.untouched)])


def _document(results: list[CaseResult], reached: Sequence[Coverage]) -> dict[str, object]:
    passed = sum(result.ok for result in results)
    cases = [
        {
            "file": result.file,
            "name": result.name,
            "ok": result.ok,
            "expected": result.expected,
            "actual": result.actual,
            "differences": [
                {"field": each.field, "expected": each.expected, "actual": each.actual}
                for each in result.differences
            ],
        }
        | ({"error": result.error} if result.error else {})
        for result in results
    ]
    told = [
        {"model": each.model, "parts": each.parts, "untouched": each.untouched} for each in reached
    ]
    document: dict[str, object] = {"passed": passed, "failed": len(results) - passed}
    return document | {"cases": cases} | ({"coverage": told} if told else {})
