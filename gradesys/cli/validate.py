"""``gradesys validate``: every mistake of rule files with its place, its code and what to do."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from gradesys.cli.files import JSON, PACKS, PARAMS, PATHS, packs_beside, yaml_files

if TYPE_CHECKING:
    from gradesys.errors import Problem
    from gradesys.rules.rulefiles import Examined

Finding = dict[str, object]


@click.command()
@PATHS
@PACKS
@PARAMS
@click.option("--online", is_flag=True, help="Also ask the organisation of the settings.")
@JSON
def validate(
    paths: tuple[Path, ...],
    packs: Path | None,
    params: Path | None,
    online: bool,
    as_json: bool,
) -> int:
    """Check rule files; a finding is file:line:column: severity code: what is wrong; what to do."""
    files = yaml_files(paths)
    examined = _examined(paths, packs or packs_beside(files), params)
    errors, warnings = _online(examined) if online else (examined.errors, examined.warnings)
    findings = [_finding(problem, "error") for problem in errors]
    findings += [_finding(problem, "warning") for problem in warnings]
    if as_json:
        counts = {"files": len(files), "errors": len(errors), "warnings": len(warnings)}
        click.echo(json.dumps(counts | {"findings": findings}, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(_line(finding))
        click.echo(f"{len(files)} files, {len(errors)} errors, {len(warnings)} warnings", err=True)
    return 1 if errors else 0


def _examined(paths: tuple[Path, ...], packs: Path | None, params: Path | None) -> Examined:
    """What can be seen offline; that a model is there at all, only where a folder is looked at."""
    from gradesys.errors import Problem, RuleError
    from gradesys.rules.environment import Environment, read_environment
    from gradesys.rules.rulefiles import examine

    environment, wrong = Environment(), tuple[Problem, ...]()
    try:
        environment = read_environment(params)
    except RuleError as error:
        wrong = error.problems
    examined = examine(yaml_files(paths), packs, environment)
    if any(path.is_dir() for path in paths) and not examined.errors:
        wrong += tuple(environment.strangers(examined.ids))
    return replace(examined, errors=(*examined.errors, *wrong))


def _online(examined: Examined) -> tuple[Sequence[Problem], Sequence[Problem]]:
    """What is wrong and odd once tables and columns are known; files that cannot be read stay."""
    from gradesys.dataverse.metadata import MetadataCache
    from gradesys.org import open_client, open_org
    from gradesys.rules.fanout import odd_fanout
    from gradesys.settings import read_settings, require_org

    client = open_client(require_org(read_settings(os.environ)))
    org = open_org(client, MetadataCache(client), examined.sources)
    book = org.rulebook
    errors = [*examined.errors, *(p for found in book.problems.values() for p in found)]
    warnings = [*examined.warnings, *(p for found in book.warnings.values() for p in found)]
    warnings += odd_fanout(book, examined.sources, org.store.count)
    return tuple(dict.fromkeys(errors)), tuple(dict.fromkeys(warnings))


def _finding(problem: Problem, severity: str) -> Finding:
    from gradesys.rules.codes import advised, code_of, meant

    file, line, column = problem.place.rsplit(":", 2)
    return {
        "file": file,
        "line": int(line),
        "column": int(column),
        "code": code_of(problem).name,
        "severity": severity,
        "path": ".".join(map(str, problem.path)),
        "message": advised(problem),
        "suggestion": meant(problem),
    }


def _line(finding: Finding) -> str:
    place = "{file}:{line}:{column}: {severity} {code}".format(**finding)
    where = f"{finding['path']}: " if finding["path"] else ""
    return f"{place}: {where}{finding['message']}"
