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


def write_branches(
    frame: Frame, each: CompiledIndicator, branches: Sequence[Branch], rest: str | None = None
) -> None:
    """The locals become what the first branch that holds says."""
    told = [(condition, assigned(frame, each, own)) for condition, own in branches]
    frame.writer.choice(told, rest)


def assigned(frame: Frame, each: CompiledIndicator, own: Decimal | None) -> str:
    """The statement that gives the locals what constant own points make of them."""
    return f"{wanted_of(frame, each)} = {code_of(frame, each, own)}"


def wanted_of(frame: Frame, each: CompiledIndicator) -> str:
    """The locals that points come to rest in."""
    local = frame.locals[each.name]
    if local.is_landed:
        return local.landing
    return f"{local.own}, {local.points}" if each.node.scored else local.points


def code_of(frame: Frame, each: CompiledIndicator, own: Decimal | None) -> str:
    """The constant that they become where the indicator's own points are one."""
    local, writer = frame.locals[each.name], frame.writer
    points = clamped(each.node, each.node.missing_points if own is None else own)
    if not each.node.scored:
        return writer.number(points).text
    if local.fixed is None:
        return writer.landing(own, points)
    contribution = CONTEXT.multiply(local.fixed, points)
    at = writer.landing(own, points, contribution)
    frame.rests.setdefault(each.name, {})[at] = contribution
    return at


def write_computed(frame: Frame, each: CompiledIndicator, header: str, own: str) -> None:
    """Points that only the row tells: their clamp, and weight x points."""
    local, writer, node = frame.locals[each.name], frame.writer, each.node
    before, points, _ = local.computed
    frame.worked.add(each.name)
    with writer.block(header) if header else nullcontext():
        if local.fixed is not None and local.is_landed:
            if not own.isidentifier():
                writer.line(f"{before} = {own}")
                own = before
            _write_landed(frame, each, own, local.fixed)
            return
        start = before if node.scored else points
        if own != start:
            writer.line(f"{start} = {own}")
        value = writer.clamp(points, start, node.min_points, node.max_points)
        if value != points:
            writer.line(f"{points} = {value}")


def _write_landed(frame: Frame, each: CompiledIndicator, own: str, weight: Decimal) -> None:
    """A clamp that takes hold leaves constants."""
    writer, node, landing = frame.writer, each.node, frame.locals[each.name].landing
    branches = []
    for limit, sign in ((node.min_points, "<"), (node.max_points, ">")):
        if limit is not None:
            held = clamped(node, limit)
            product = writer.number(CONTEXT.multiply(weight, held)).text
            beyond = f"{own} {sign} {writer.number(limit).text}"
            branches.append((beyond, f"{landing} = {own}, {writer.number(held).text}, {product}"))
    writer.choice(branches, f"{landing} = {own}, {own}, {writer.number(weight).text} * {own}")
