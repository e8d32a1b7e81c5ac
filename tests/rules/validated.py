"""A model as a short text, and what validation says about it."""

from __future__ import annotations

from gradesys.rules.validate import check_model
from tests.rules.org import SCHEMA, source

HEAD = "id: m\ntable: account\n"
OUT = f"{HEAD}output: {{score: gs_score, grade: gs_grade}}\n"
COLUMN = "type: column, column: creditlimit"
ROWS = "type: aggregate, of: invoice, lookup: customerid"
BANDS = "bands: [{grade: A, min: 80}, {grade: B}]"


def found(text: str, org: bool = False) -> list[str]:
    """The errors of a model, with metadata or without."""
    verdict = check_model(source(text).model, SCHEMA if org else None)
    return [str(problem) for problem in verdict.errors]


def warned(text: str, org: bool = False) -> list[str]:
    verdict = check_model(source(text).model, SCHEMA if org else None)
    assert verdict.errors == ()
    return [str(problem) for problem in verdict.warnings]


def indicators(*texts: str) -> str:
    parts = (f"x{number}: {{{text}}}" for number, text in enumerate(texts))
    return f"{HEAD}output: {{score: gs_score}}\nindicators: {{{', '.join(parts)}}}\n"


MEMBERS = indicators(
    "type: aggregate, of: contact, op: count, "
    "path: [{many: contact, intersect: gs_member, near: gs_accountid, far: gs_contactid}]"
)
