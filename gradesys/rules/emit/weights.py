"""Weights that rules decide, and the contributions that hang on them (section 5, steps 4 and 5)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gradesys.rules.emit.code import truth
from gradesys.rules.emit.frame import Frame, Locals

if TYPE_CHECKING:
    from gradesys.rules.indicators import CompiledIndicator


def write_weights(frame: Frame) -> None:
    """One step for each scored indicator whose weight is not fixed, after all points are known."""
    for each, local in frame.scored:
        if local.fixed is None:
            _write(frame, each, local)


def weight(frame: Frame, local: Locals) -> str:
    """The weight's code: a constant or a local."""
    return local.weight if local.fixed is None else frame.writer.number(local.fixed).text


def _write(frame: Frame, each: CompiledIndicator, local: Locals) -> None:
    writer, value = frame.writer, frame.values[each.name]
    writer.comment("", f"weight of {each.name}")

    def becomes(found: Decimal) -> str:
        return f"{local.weight} = {writer.number(found).text}"

    cases = []
    for case, found in each.weight.cases:
        expression = case.expression
        holds = "True" if expression is None else truth(frame.code(expression, value=value))
        cases.append((holds, becomes(found)))
    writer.choice(cases, becomes(each.weight.otherwise))
    writer.line(f"{local.contribution} = {local.weight} * {local.points}")
