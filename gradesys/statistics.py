"""Cut points remembered between resyncs: one value of the ledger a model, replaced as a whole.

A resync measures them; webhooks, buttons and explanations apply them until the next one. Those that
were measured for other rules are none: their indicators or shares may not be there any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from gradesys.errors import TemporaryError
from gradesys.marks.protocols import Ledger
from gradesys.rules.compile import CompiledModel
from gradesys.rules.cutpoints import Cutpoints
from gradesys.rules.state import Grade


def stored_cuts(ledger: Ledger, models: Sequence[CompiledModel]) -> dict[str, Cutpoints]:
    """The cut points in force, by the id of each model that has them for its present rules."""
    found = [(model, ledger.get(_name(model)).value) for model in _ranked(models)]
    return {
        model.model.id: _read(value)
        for model, value in found
        if value.get("version") == model.version
    }


def store_cuts(
    ledger: Ledger, models: Sequence[CompiledModel], cuts: Mapping[str, Cutpoints]
) -> None:
    """Put these in force. Raises TemporaryError when somebody else just did the same."""
    for model in _ranked(models):
        value = _told(cuts[model.model.id]) | {"version": model.version}
        if not ledger.put_if(_name(model), value, ledger.get(_name(model)).version):
            raise TemporaryError(f"the cut points of {model.model.id} were replaced meanwhile")


def _ranked(models: Sequence[CompiledModel]) -> list[CompiledModel]:
    return [model for model in models if model.ranked]


def _name(model: CompiledModel) -> str:
    return f"cutpoints/{model.model.id}"


def _told(cuts: Cutpoints) -> dict[str, Any]:
    """As JSON: numbers are text, so that no digit is lost; a grade that is a number stays one."""
    return {
        "day": None if cuts.day is None else cuts.day.isoformat(),
        "quantiles": {name: [str(cut) for cut in found] for name, found in cuts.quantiles.items()},
        "grades": [[_plain(grade), str(cut)] for grade, cut in cuts.grades.items()],
    }


def _read(value: Mapping[str, Any]) -> Cutpoints:
    return Cutpoints(
        {name: tuple(map(Decimal, found)) for name, found in value["quantiles"].items()},
        {_grade(grade): Decimal(cut) for grade, cut in value["grades"]},
        None if value["day"] is None else date.fromisoformat(value["day"]),
    )


def _plain(grade: Grade) -> str | int:
    return int(grade) if isinstance(grade, Decimal) else grade


def _grade(grade: str | int) -> Grade:
    return Decimal(grade) if isinstance(grade, int) else grade
