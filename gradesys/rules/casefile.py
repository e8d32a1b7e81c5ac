"""A case file as data: its cases with their own keys, checked before anything is scored (13)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import yaml

from gradesys.errors import Problem, RuleError
from gradesys.rules.composing import Composer, TooMuch
from gradesys.rules.cutpoints import Cutpoints
from gradesys.rules.document import Document
from gradesys.rules.expectations import NAMES
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings
from gradesys.rules.state import Snapshot
from gradesys.rules.values import lacks_offset, shaped

MODELS = ("pack", "rules", "model")
"""Where a file's model comes from: exactly one of them."""

FILE_KEYS = frozenset({*MODELS, "tables", "lookups", "cases"})
CASE_KEYS = frozenset(
    {
        "name",
        "as_of",
        "record",
        "previous",
        "model",
        "params",
        "tables",
        "cutpoints",
        "working",
        "expect",
        "pack",
    }
)
PREVIOUS_KEYS = frozenset({"grade", "earned", "below_since", "score"})


@dataclass(frozen=True, slots=True)
class Case:
    """One case as written; ``index`` is its place in the file."""

    index: int
    data: Mapping[Any, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """Its name, or its number where it has none."""
        name = self.data.get("name")
        return f"case {self.index + 1}" if name is None else str(name)

    @property
    def expected(self) -> Mapping[str, Any]:
        """What it names; nothing when it expects nothing."""
        expect = self.data.get("expect")
        return expect if isinstance(expect, dict) else {}


def cases_of(data: Any) -> tuple[Case, ...]:
    """The cases that a document's data lists, whatever else is wrong with it."""
    listed = data.get("cases") if isinstance(data, dict) else None
    rows = listed if isinstance(listed, list) else []
    return tuple(
        Case(index, row if isinstance(row, dict) else {}) for index, row in enumerate(rows)
    )


def salvaged(text: str) -> tuple[Case, ...]:
    """The cases that can be listed in a text that was refused, up to where it breaks off."""
    composer = Composer()
    with suppress(yaml.YAMLError, TooMuch):
        composer.read(yaml.parse(text, Loader=yaml.CLoader))
    return cases_of(composer.data)


def check_file(document: Document) -> None:
    """RuleError for unknown keys, or cases that are no list of maps."""
    found = Findings()
    data = document.data if isinstance(document.data, dict) else {}
    _check_keys(data, FILE_KEYS, (), found)
    given = [key for key in MODELS if data.get(key) is not None]
    if len(given) > 1:
        found.note((), f"only one of {', '.join(MODELS)} may be given, not {', '.join(given)}")
    if not isinstance(data.get("cases"), list):
        found.note(("cases",), "a list of cases is needed")
    if not isinstance(data.get("tables") or {}, dict):
        found.note(("tables",), "a map of tables is needed")
    if data.get("model") is not None and not isinstance(data["model"], dict):
        found.note(("model",), "a map is needed")
    if not isinstance(data.get("lookups") or {}, dict):
        found.note(("lookups",), "a map of table.lookup to table is needed")
    found.settle()


def check_case(case: Case) -> None:
    """RuleError for what is wrong with the case's own keys."""
    found = Findings()
    data = case.data
    _check_keys(data, CASE_KEYS, (), found)
    for key in ("model", "params", "tables", "cutpoints"):
        if data.get(key) is not None and not isinstance(data[key], dict):
            found.note((key,), "a map is needed")
    if isinstance(data.get("pack"), dict | list):
        found.note(("pack",), "a text is needed")
    for key, known in (("expect", frozenset(NAMES)), ("previous", PREVIOUS_KEYS)):
        if not isinstance(data.get(key) or {}, dict):
            found.note((key,), "a map is needed")
        else:
            _check_keys(data.get(key) or {}, known, (key,), found)
    if data.get("record") is None:
        found.note(("record",), "missing key 'record'")
    found.settle()


def clock_of(case: Case) -> datetime:
    """``as_of`` as an instant; RuleError unless it is one with an offset."""
    text = case.data.get("as_of")
    moment = shaped(text) if isinstance(text, str) and not lacks_offset(text) else None
    if not isinstance(moment, datetime):
        raise RuleError((Problem(("as_of",), "an instant with offset is needed"),))
    return moment.astimezone(UTC)


def previous_of(case: Case) -> Snapshot:
    """The end of the day before; the earned grade is the shown one unless told."""
    data = case.data.get("previous") or {}
    grade = data.get("grade")
    score = data.get("score")
    if score is not None and not isinstance(score, Decimal):
        raise RuleError((Problem(("previous", "score"), "a number is needed"),))
    return Snapshot(
        grade=grade,
        earned=data.get("earned", grade),
        below_since=_day(data.get("below_since")),
        score=score,
    )


def cutpoints_of(case: Case, shares: Mapping[str, int]) -> Cutpoints | None:
    """The stored cut points, by indicator with so many ``shares``; None: to be measured."""
    data = case.data.get("cutpoints")
    if data is None:
        return None
    found = Findings()
    grades = data.get("grades") or {}
    if not isinstance(grades, dict):
        found.note(("cutpoints", "grades"), "a map of grades is needed")
    elif not all(isinstance(cut, Decimal) for cut in grades.values()):
        found.note(("cutpoints", "grades"), "a number for each grade is needed")
    quantiles = {name: cuts for name, cuts in data.items() if name != "grades"}
    for name, cuts in quantiles.items():
        _check_cuts(name, cuts, shares, found)
    found.settle()
    return Cutpoints(quantiles, grades)


def _check_cuts(name: str, cuts: Any, shares: Mapping[str, int], found: Findings) -> None:
    path = ("cutpoints", str(name))
    if name not in shares:
        found.note(path, f"'{name}' has no quantiles{nearest(str(name), shares)}")
        return
    wanted = shares[name] - 1
    numbers = isinstance(cuts, list) and all(isinstance(cut, Decimal) for cut in cuts)
    if not numbers or len(cuts) != wanted:
        found.note(path, f"a list of {wanted} numbers is needed")


def _day(text: Any) -> date | None:
    day = shaped(text) if isinstance(text, str) else None
    if text is not None and (day is None or isinstance(day, datetime)):
        raise RuleError((Problem(("previous", "below_since"), "a date is needed"),))
    return day


def _check_keys(
    data: Mapping[Any, Any], known: frozenset[str], path: tuple[str, ...], found: Findings
) -> None:
    for key in data:
        if key not in known:
            found.note((*path, str(key)), f"unknown key '{key}'{nearest(str(key), known)}")
