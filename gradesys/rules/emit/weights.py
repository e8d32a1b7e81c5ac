"""Weights that rules decide, and the contributions that hang on them (section 5, steps 4 and 5)."""

from __future__ import annotations

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
    cases = [
        ("True" if case.expression is None else truth(frame.code(case.expression, value=value)), w)
        for case, w in each.weight.cases
    ]
    word = "if"
    for condition, found in cases:
        writer.line(f"{word} {condition}: {local.weight} = {writer.number(found).text}")
        word = "elif"
    writer.line(f"else: {local.weight} = {writer.number(each.weight.otherwise).text}")
    writer.line(f"{local.contribution} = {local.weight} * {local.points}")
