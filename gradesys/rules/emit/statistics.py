"""Functions that give one number of a record and compute only what it needs: an error elsewhere in
the record leaves the statistics over this number alone (rules.md sections 4 and 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gradesys.rules.emit.code import decimal
from gradesys.rules.emit.combining import write_score
from gradesys.rules.emit.frame import Frame, insert_head, open_frame
from gradesys.rules.emit.module import built
from gradesys.rules.emit.points import write_points
from gradesys.rules.emit.values import write_values
from gradesys.rules.emit.weights import write_weights
from gradesys.rules.emit.writer import Writer
from gradesys.rules.tally import Facts

if TYPE_CHECKING:
    from gradesys.rules.compile import CompiledModel
    from gradesys.rules.expressions import Expression
    from gradesys.rules.indicators import CompiledIndicator

Measure = Callable[[Facts], Decimal | None]
"""Raises RecordError where the number cannot be computed."""


def value_function(model: CompiledModel, name: str) -> Measure:
    """An indicator's value as a number."""

    def write(frame: Frame) -> str:
        write_values(frame)
        return decimal(frame.values[name])

    return _function(_only(model, _closure(model, {name}, _for_value)), write)


def score_function(model: CompiledModel) -> Measure:
    """The rounded score."""

    def write(frame: Frame) -> str:
        write_values(frame)
        write_points(frame)
        write_weights(frame)
        write_score(frame)
        return "score"

    scored = {name for name, each in model.indicators.items() if each.node.scored}
    if model.formula is not None:
        scored |= model.formula.names | model.formula.points_of
    return _function(_only(model, _closure(model, scored, _for_points)), write)


def _function(model: CompiledModel, write: Callable[[Frame], str]) -> Measure:
    writer = Writer()
    frame = open_frame(model, writer)
    with writer.block("def measure(facts):"):
        place = len(writer.lines)
        result = write(frame)
        insert_head(writer, place)
        writer.line(f"return {result}")
    run: Measure = built(writer, "measure").run
    return run


def _only(model: CompiledModel, names: frozenset[str]) -> CompiledModel:
    """The model without the other indicators."""
    kept = {name: each for name, each in model.indicators.items() if name in names}
    return replace(model, indicators=kept, order=tuple(n for n in model.order if n in names))


def _closure(
    model: CompiledModel,
    names: Iterable[str],
    needs: Callable[[CompiledIndicator], Iterator[Expression]],
) -> frozenset[str]:
    """The indicators named, those that they need, and so on."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in model.indicators and name not in found:
            found.add(name)
            for expression in needs(model.indicators[name]):
                waiting += [*expression.names, *expression.points_of]
    return frozenset(found)


def _for_value(each: CompiledIndicator) -> Iterator[Expression]:
    yield from (expression for _, expression in each.before_points)


def _for_points(each: CompiledIndicator) -> Iterator[Expression]:
    yield from _for_value(each)
    for _, expression in (*each.points.expressions, *each.weight.expressions):
        yield expression
