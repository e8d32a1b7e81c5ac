"""A small installation to examine: one rule file, and an environment that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gradesys.doctor import Finding, Status, examine
from gradesys.doctor.verdicts import Verdict

KEY, NEXT_KEY = "the-first-webhook-key", "the-next-webhook-key"
RULES = """schema: gradesys/v1
id: best
table: account
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
         filter: {statecode: 2}, points: {linear: {from: [0, 500000], to: [0, 100]}}}
score: {min: 0, max: 100}
grades: {bands: [{grade: A, min: 80}, {grade: B, min: 50}, {grade: C}]}
output: {score: gs_score, grade: gs_grade}
"""


@dataclass
class Installation:
    """``settings`` are those of the environment without their prefix."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def environment(self) -> Mapping[str, str]:
        """What the service would be started with."""
        plain = {
            "RULES": str(self.folder / "rules"),
            "WORK": str(self.folder / "work.sqlite"),
            "WEBHOOK_KEYS": KEY,
            "AUTH": "none",
        }
        return {f"GRADESYS_{name}": value for name, value in (plain | self.settings).items()}

    def rule(self, text: str, name: str = "best.yaml") -> None:
        """Write a rule file."""
        folder = self.folder / "rules"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    def findings(self, base_url: str | None = None) -> dict[str, Finding]:
        """By the name of the check."""
        return {found.check: found for found in examine(self.environment, self.clock, base_url)}

    def look(self, check: str) -> Verdict:
        """One check's verdict."""
        return self.findings()[check].verdict


def told(verdict: Verdict) -> tuple[Status, str]:
    """Status, and everything that a person would read."""
    return verdict.status, f"{verdict.text} -> {verdict.hint}"
