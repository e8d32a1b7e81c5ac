"""Where points come to rest: the locals of one indicator, by branches of constants or computed.

What a branch of constants becomes (its clamp, weight x points) is worked out here, once for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from decimal import Decimal
from typing import TYPE_CHECKING

from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.emit.frame import Frame
from gradesys.rules.points import clamped

if TYPE_CHECKING:
    from gradesys.rules.indicators import CompiledIndicator

Branch = tuple[str, Decimal | None]
"""A condition and the own points where it is the first that holds; None: missing."""


def write_branches(frame: Frame, each: CompiledIndicator, branches: Sequence[Branch]) -> None:
    """The locals become what the first branch that holds says."""
    word = "if"
    for condition, own in branches:
        frame.writer.line(f"{word} {condition}: {assigned(frame, each, own)}")
        word = "elif"


def assigned(frame: Frame, each: CompiledIndicator, own: Decimal | None) -> str:
    """The statement that gives the locals what constant own points make of them."""
    return f"{', '.join(locals_of(frame, each, own))} = {codes_of(frame, each, own)}"


def codes_of(frame: Frame, each: CompiledIndicator, own: Decimal | None) -> str:
    """The right side of it alone."""
    return ", ".join(locals_of(frame, each, own).values())


def locals_of(frame: Frame, each: CompiledIndicator, own: Decimal | None) -> dict[str, str]:
    """What the indicator's locals become where its own points are a constant."""
    local, literal = frame.locals[each.name], frame.writer.literal
    points = clamped(each.node, each.node.missing_points if own is None else own)
    if not each.node.scored:
        return {local.points: literal(points).text}
    codes = {local.own: literal(own).text, local.points: literal(points).text}
    if local.fixed is not None:
        contribution = CONTEXT.multiply(local.fixed, points)
        codes[local.contribution] = frame.writer.number(contribution).text
    return codes


def write_computed(frame: Frame, each: CompiledIndicator, header: str, own: str) -> None:
    """Points that only the row tells: their clamp, and weight x points."""
    local, writer, node = frame.locals[each.name], frame.writer, each.node
    with writer.block(header) if header else nullcontext():
        if node.scored:
            writer.line(f"{local.own} = {own}")
            own = local.own
        writer.line(f"{local.points} = {own}")
        writer.clamp(local.points, local.points, node.min_points, node.max_points)
        if node.scored and local.fixed is not None:
            weight = writer.number(local.fixed).text
            writer.line(f"{local.contribution} = {weight} * {local.points}")
