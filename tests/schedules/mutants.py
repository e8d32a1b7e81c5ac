"""The guards of the consistency argument, and how each is cut out of a copy of the sources.

No guard can be switched off in the product, so the proof that the tests see them works on text: a
cut must fit exactly once, or the proof is out of date and says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("gradesys", "functions", "emulator", "config", "tests")
HANDLING = "gradesys/live/handling.py"
FILES = ("pyproject.toml", "function_app.py", "dev.py")
SUITE = (
    "tests/schedules/test_directed.py",
    "tests/resync/test_partitions.py",
    "tests/dataverse/test_against_emulator.py",
    "tests/marks/test_marks.py",
    "tests/marks/test_ledger.py",
    "tests/marks/test_azure.py",
)
"""What must see each cut: the directed schedules, and the contracts below them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A text of a file and what stands there without the guard."""

    file: str
    guard: str
    instead: str


MUTANTS: Mapping[str, tuple[Cut, ...]] = {
    "verify after write": (
        Cut(
            "gradesys/engine.py",
            "        raise_failed(written)\n",
            "        raise_failed(written)\n        return Report(results, outcomes, done)\n",
        ),
    ),
    "early clear": (
        Cut(HANDLING, "mine = marks.begin(*group)", "mine = list(group)"),
        Cut(
            HANDLING,
            "        elif context.marks.begin(message):\n",
            "        else:\n",
        ),
        Cut(
            HANDLING,
            "    context.marks.done(*group)\n",
            "    context.marks.begin(*group)\n    context.marks.done(*group)\n",
        ),
    ),
    "propagate on retry": (Cut(HANDLING, "if m.attempt > 1]", "if m.attempt > 99]"),),
    "sweeper": (Cut("gradesys/marks/azure_marks.py", "                self._ring(mark)\n", ""),),
    "sweeper's tick": (Cut("functions/sweep.py", "app.marks.sweep()", "app.marks.stats()"),),
    "pre-image": (
        Cut("gradesys/rules/affected.py", "in (event.before, event.after)", "in (event.after,)"),
    ),
    "pre-image's registration": (
        Cut(
            "gradesys/rules/subscriptions.py",
            'Step(table, "Update", columns, parents, optional)',
            'Step(table, "Update", columns, (), optional)',
        ),
    ),
    "If-Match *": (Cut("gradesys/dataverse/outgoing.py", '{"If-Match": "*"}', "{}"),),
    "compare-and-swap": (
        Cut(
            "gradesys/marks/sqlite_ledger.py",
            "WHERE name = ? AND version = ?",
            "WHERE name = ? AND ? >= 0",
        ),
        Cut("gradesys/marks/sqlite_ledger.py", "INSERT OR IGNORE", "INSERT OR REPLACE"),
    ),
    "compare-and-swap of a resync's cursor": (
        Cut(
            "gradesys/resync/part.py",
            "if not self._context.ledger.put_if(self._name, told, self._version):",
            "if self._context.ledger.put_if(self._name, told, self._version) is None:",
        ),
    ),
    "rounding compare": (
        Cut(
            "gradesys/rules/fitting.py",
            "value = result if places is None else rounded(result, places)",
            "value = result",
        ),
        Cut(
            "gradesys/rules/emit/combining.py",
            "score = quantize({bounded}, {writer.number(places).text}) or {zero}",
            "score = {bounded} or {zero}",
        ),
    ),
}
"""The eight guards of reliability §7.6; three have a second place where they could be lost."""


def copy_sources(folder: Path) -> None:
    """The sources and their tests; packages of Node.js are shared."""
    unwanted = shutil.ignore_patterns("node_modules", "__pycache__", ".mypy_cache")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    packages = "tests/azurite/node_modules"
    (folder / packages).symlink_to(ROOT / packages, target_is_directory=True)


def apply(cuts: Sequence[Cut], folder: Path) -> None:
    """Cut a guard out. Raises AssertionError where a text is not there exactly once."""
    for cut in cuts:
        path = folder / cut.file
        text = path.read_text(encoding="utf-8")
        found = text.count(cut.guard)
        assert found == 1, f"{cut.file} has {found} times: {cut.guard}"
        path.write_text(text.replace(cut.guard, cut.instead), encoding="utf-8")


def run_suite(folder: Path) -> tuple[int, str]:
    """The exit code of the suite over a copy, and what it said: it ends with the first failure."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not long", "--tb=line", *SUITE]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=600
    )
    return done.returncode, done.stdout + done.stderr
