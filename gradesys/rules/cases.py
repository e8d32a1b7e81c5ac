"""Worked cases of rule files, scored with the engine itself (``gradesys test``; section 13).

Whatever cannot be loaded fails the cases that need it and never stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path as File
from typing import Any

from msgspec import Struct, field

from gradesys.errors import GradesysError, Problem, RecordError, RuleError
from gradesys.records import Plan, Scope
from gradesys.rules.casefile import (
    Case,
    cases_of,
    check_case,
    check_file,
    clock_of,
    cutpoints_of,
    previous_of,
    salvaged,
)
from gradesys.rules.casemodels import CaseModels
from gradesys.rules.cells import read_id, read_rows
from gradesys.rules.compile import CompiledModel
from gradesys.rules.differences import Difference, differences
from gradesys.rules.document import CASES_LIMIT, Document
from gradesys.rules.evaluation import Evaluation
from gradesys.rules.expectations import outcome, told
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.sources import load_packs, read_document
from gradesys.rules.tables import MemoryTable, TableStore


class CaseResult(Struct, frozen=True):
    """``expected``: as written; ``actual``: everything that could be expected, empty on error.

    Both are JSON data except for their numbers, which are Decimal.
    """

    file: str
    name: str
    ok: bool
    expected: Mapping[str, Any]
    actual: Mapping[str, Any] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    error: str = ""


def run_file(path: File, packs: File | None) -> list[CaseResult]:
    """The result of every case of a file; see run_files."""
    return run_files((path,), packs)


def run_files(paths: Iterable[File], packs: File | None) -> list[CaseResult]:
    """The result of every case of these files; none for rule files. ``packs``: folder of packs.

    A file whose cases cannot be listed gives one failed result with the file's name.
    """
    documents, _ = load_packs(packs)
    return [result for path in paths for result in _results(path, documents)]


def _results(path: File, packs: Mapping[str, Document]) -> list[CaseResult]:
    try:
        document = read_document(path)
    except RuleError as error:
        return _all_failed(path, _listed(path), error)
    if _is_rule_file(document):
        return []
    cases = cases_of(document.data)
    try:
        check_file(document)
    except RuleError as error:
        return _all_failed(path, cases, error)
    file = open_cases(document, path.parent, packs)
    return [_run(file, path, case) for case in cases]


def open_cases(document: Document, folder: File, packs: Mapping[str, Document]) -> CaseFile:
    """The cases of a document; ``folder``: what its `rules` is relative to."""
    return CaseFile(document, CaseModels(document, folder, packs))


def _listed(path: File) -> tuple[Case, ...]:
    """The cases of a file that cannot be loaded."""
    try:
        if path.stat().st_size > CASES_LIMIT:
            return ()
        return salvaged(path.read_text(encoding="utf-8-sig", errors="replace"))
    except OSError:
        return ()  # the failure to read it is already the result


def _all_failed(path: File, cases: tuple[Case, ...], error: RuleError) -> list[CaseResult]:
    nobody = CaseResult(str(path), path.name, False, {}, error=str(error))
    return [_failed(path, case, error) for case in cases] or [nobody]


def _is_rule_file(document: Document) -> bool:
    data = document.data
    return isinstance(data, dict) and "schema" in data and "cases" not in data


def _run(file: CaseFile, path: File, case: Case) -> CaseResult:
    try:
        card = file.card(case)
    except GradesysError as error:
        return _failed(path, case, error)
    actual = outcome(card)
    found = tuple(differences(case.expected, actual))
    return CaseResult(str(path), case.name, not found, case.expected, told(actual), found)


def _failed(path: File, case: Case, error: GradesysError) -> CaseResult:
    return CaseResult(str(path), case.name, False, case.expected, error=str(error))


class CaseFile(Struct):
    """What the cases of one file share; its tables are typed once."""

    document: Document
    models: CaseModels
    tables: dict[str, MemoryTable] = field(default_factory=dict)

    def card(self, case: Case, now: datetime | None = None) -> Scorecard:
        """Score the case's record, at its own clock or ``now``. Raises RuleError or RecordError."""
        check_case(case)
        return self.score(case, self.models.compiled(case), now)

    def score(self, case: Case, model: CompiledModel, now: datetime | None = None) -> Scorecard:
        """Score the case's record by this model. Raises RuleError or RecordError."""
        given = cutpoints_of(case, model.shares)
        cuts = {} if given is None else {model.model.id: given}
        evaluation = Evaluation([model], now or clock_of(case), previous_of(case), cuts)
        id = read_id(case.data["record"]) or ""
        everybody = model.ranked and given is None
        plan = Plan(evaluation.reads, Scope(model.model.table, None if everybody else (id,)))
        for page in TableStore(self._tables(case)).pages(plan):
            evaluation.add(page)
        if everybody:
            evaluation.measure()
        return _card(evaluation, model, id)

    def _tables(self, case: Case) -> dict[str, MemoryTable]:
        data = self.document.data
        own = data.get("lookups") or {}
        replaced = case.data.get("tables") or {}
        for name, rows in (data.get("tables") or {}).items():
            if name not in self.tables and name not in replaced:
                self.tables[name] = MemoryTable(name, read_rows(name, rows or [], own))
        return self.tables | {
            name: MemoryTable(name, read_rows(name, rows or [], own))
            for name, rows in replaced.items()
        }


def _card(evaluation: Evaluation, model: CompiledModel, id: str) -> Scorecard:
    result = next((found for found in evaluation.results() if found.id == id), None)
    if result is None:
        problem = Problem(("record",), f"no row '{id}' in {model.model.table}")
        raise RuleError((problem,))
    errors: list[RecordError] = list(result.errors.values())
    if errors:
        raise errors[0]
    return result.cards[model.model.id]
