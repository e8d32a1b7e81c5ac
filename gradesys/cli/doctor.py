"""``gradesys doctor``: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gradesys.doctor import Finding


@click.command()
@click.option("--base-url", metavar="URL", help="Ask the service at this address, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor(base_url: str | None, as_json: bool) -> int:
    """Look at settings, sign-in, rules, registration, marks and service; say what to do."""
    from gradesys.doctor import examine

    findings: list[Finding] = []
    for finding in examine(os.environ, base_url=base_url):
        findings.append(finding)
        if not as_json:
            click.echo(_lines(finding))
    if as_json:
        click.echo(json.dumps(_document(findings), ensure_ascii=False))
    return _exit_code(findings)


def _lines(finding: Finding) -> str:
    verdict = finding.verdict
    line = f"{verdict.status:8} {finding.check}: {verdict.text}"
    return f"{line}\n         -> {verdict.hint}" if verdict.hint else line


def _document(findings: list[Finding]) -> dict[str, object]:
    checks = [
        {"check": each.check, "status": v.status, "text": v.text, "hint": v.hint}
        for each in findings
        for v in (each.verdict,)
    ]
    return {"ok": not any(each.bad for each in findings), "checks": checks}


def _exit_code(findings: list[Finding]) -> int:
    """The first problem decides: what comes after it often comes from it."""
    from gradesys.doctor import Cause

    codes = {Cause.FINDING: 1, Cause.CONFIGURATION: 3, Cause.UNREACHABLE: 4}
    return next((codes[each.verdict.cause] for each in findings if each.bad), 0)
