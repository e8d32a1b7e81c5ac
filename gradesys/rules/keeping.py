"""Which records keep what is stored of them, told without scorecards where that is possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import DecimalException
from typing import Any

from gradesys.errors import RecordError
from gradesys.records import Read
from gradesys.rules.clock import Moment
from gradesys.rules.compile import CompiledModel
from gradesys.rules.emit.unchanged import Ground, Unchanged, unchanged_function
from gradesys.rules.folding import Folding

Parts = tuple[CompiledModel, Moment, Mapping[str, object]]
"""A model, its moment and its foldings by indicator."""


Keeps = Callable[[Any, list[Any]], bool]
"""Whether a typed row and its figures would change nothing; it may always say no."""


def keeping(target: Read, parts: Sequence[Parts]) -> Keeps | None:
    """For all models of an evaluation. None: some model can only be asked for a scorecard."""
    tests = [(_test(target, each), each[1]) for each in parts]
    known = [(test, moment) for test, moment in tests if test is not None]
    if len(known) < len(tests):
        return None
    first, *others = map(_safely, known)

    def keeps(row: Any, figures: list[Any]) -> bool:
        return first(row, figures) and all(test(row, figures) for test in others)

    return keeps if others else first


def _safely(part: tuple[Unchanged, Moment]) -> Keeps:
    test, moment = part

    def keeps(row: Any, figures: list[Any]) -> bool:
        try:
            return test(row, figures, moment)
        except (RecordError, DecimalException):
            return False

    return keeps


def _test(target: Read, parts: Parts) -> Unchanged | None:
    model, moment, foldings = parts
    worth = {n: f.worth for n, f in foldings.items() if isinstance(f, Folding) and f.worth}
    if len(worth) < len(foldings) or not model.known.keys() >= set(target.columns):
        return None
    columns = tuple(model.known[name] for name in target.columns)
    return unchanged_function(model, Ground(columns, worth), moment)
