"""Which records keep what is stored of them, told without scorecards where that is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gradesys.records import Read
from gradesys.rules.clock import Moment
from gradesys.rules.compile import CompiledModel
from gradesys.rules.emit.unchanged import Ground, Unchanged, unchanged_function
from gradesys.rules.folding import Folding
from gradesys.rules.heldfigures import HeldCells

Parts = tuple[CompiledModel, Moment, Mapping[str, object]]
"""A model, its moment and its foldings by indicator."""


Keeps = Callable[[Sequence[Any], Callable[[], Iterable[HeldCells]]], bytearray]
"""Marks the places of records that would not change, from typed rows (null: no such row) and their
figures; within ``computing()``. It may always leave one out."""


def keeping(target: Read, parts: Sequence[Parts]) -> Keeps | None:
    """For all models of an evaluation. None: some model can only be asked for a scorecard."""
    tests = [(_test(target, each), each[1]) for each in parts]
    known = [(test, moment) for test, moment in tests if test is not None]
    if len(known) < len(tests):
        return None

    def keeps(rows: Sequence[Any], figures: Callable[[], Iterable[HeldCells]]) -> bytearray:
        marks = [bytearray(len(rows)) for _ in known]
        for (test, moment), kept in zip(known, marks, strict=True):
            test(enumerate(zip(rows, figures(), strict=False)), moment, kept)
        return bytearray(map(min, *marks)) if len(marks) > 1 else marks[0]

    return keeps


def _test(target: Read, parts: Parts) -> Unchanged | None:
    model, moment, foldings = parts
    worth = {n: f.worth for n, f in foldings.items() if isinstance(f, Folding) and f.worth}
    if len(worth) < len(foldings) or not model.known.keys() >= set(target.columns):
        return None
    columns = tuple(model.known[name] for name in target.columns)
    return unchanged_function(model, Ground(columns, worth), moment)
