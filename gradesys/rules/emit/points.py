"""Points of one value (rules.md section 4), their clamp, and weight x points where the weight is
fixed. POINTS has one small function for each way; own points are None where the indicator counts
as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from gradesys.records import Value
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.emit.code import Code, decimal, truth
from gradesys.rules.emit.frame import Frame
from gradesys.rules.hits import HITS
from gradesys.rules.model import Bands, Linear, PointRules, ValueMap
from gradesys.rules.points import clamped, kind_of, map_key

if TYPE_CHECKING:
    from gradesys.rules.indicators import CompiledIndicator

Branch = tuple[str, Decimal | None]
"""A condition and the own points where it is the first that holds."""


def write_points(frame: Frame) -> None:
    """One step an indicator, as declared. A helper whose points cannot be had has none."""
    for each in frame.model.indicators.values():
        frame.writer.comment("", f"points of {each.name}: {kind_of(each.node.points)}")
        way = POINTS[kind_of(each.node.points)]
        if each.node.scored or not _may_fail(frame, each):
            way(frame, each)
        else:
            with frame.writer.block("try:"):
                way(frame, each)
            frame.writer.line(f"except RecordError: {frame.locals[each.name].points} = None")
    for name, each in frame.model.indicators.items():
        null = not each.node.scored and _may_fail(frame, each)
        frame.points[name] = Code(frame.locals[name].points, "decimal", null, True)


def _may_fail(frame: Frame, each: CompiledIndicator) -> bool:
    return bool(each.points.cases) or not frame.values[each.name].numeric


def _identity(frame: Frame, each: CompiledIndicator) -> None:
    value = frame.values[each.name]
    frame.writer.line(f"{frame.locals[each.name].own} = {decimal(value)}")
    _finish(frame, each)


def _bands(frame: Frame, each: CompiledIndicator) -> None:
    node = each.node.points
    assert isinstance(node, Bands)
    value = _numbered(frame, each)
    bounded = [band for band in node.bands if band.min is not None]
    branches: list[Branch] = [(f"{value.text} is None", None)] if value.null else []
    for band in reversed(bounded):
        assert band.min is not None
        branches.append((f"{value.text} >= {frame.writer.number(band.min).text}", band.points))
    lowest = node.bands[0]
    _choose(frame, each, branches, lowest.points if lowest.min is None else Decimal(0))


def _linear(frame: Frame, each: CompiledIndicator) -> None:
    node = each.node.points
    assert isinstance(node, Linear)
    (from0, from1), (to0, to1) = node.linear.start, node.linear.end
    number, x = frame.writer.number, frame.writer.name("x", each.name)
    value = _numbered(frame, each)
    low, high = number(min(from0, from1)).text, number(max(from0, from1)).text
    within = f"{low} if {value.text} < {low} else {high} if {value.text} > {high} else {value.text}"
    frame.writer.line(f"{x} = {_unless_null(value)}{within}")
    rise, run = number(CONTEXT.subtract(to1, to0)).text, number(CONTEXT.subtract(from1, from0)).text
    carried = f"{number(to0).text} + ({x} - {number(from0).text}) * {rise} / {run}"
    frame.writer.line(f"{frame.locals[each.name].own} = {_unless_null(value)}{carried}")
    _finish(frame, each)


def _unless_null(value: Code) -> str:
    return f"None if {value.text} is None else " if value.null else ""


def _map(frame: Frame, each: CompiledIndicator) -> None:
    node = each.node.points
    assert isinstance(node, ValueMap)
    writer, own, value = frame.writer, frame.locals[each.name].own, frame.values[each.name]
    entries = {map_key(key): points for key, points in node.map.items()}
    name = writer.table("m", each.name, entries)
    key = value.text if value.kind == "decimal" else f"map_key({value.text})"
    found = f"{name}.get({key}, {writer.literal(node.otherwise).text})"
    writer.line(f"{own} = {_unless_null(value)}{found}")
    _finish(frame, each)


def _rules(frame: Frame, each: CompiledIndicator) -> None:
    node, value = each.node.points, frame.values[each.name]
    assert isinstance(node, PointRules)
    conditions = [
        "True" if case.expression is None else truth(frame.code(case.expression, value=value))
        for case, _ in each.points.cases
    ]
    points = [found for _, found in each.points.cases]
    if node.hit == "first":
        _choose(frame, each, list(zip(conditions, points, strict=True)), None)
        return
    writer, own = frame.writer, frame.locals[each.name].own
    hits, choose = writer.name("hits"), writer.object("choose", node.hit, HITS[node.hit].choose)
    writer.line(f"{hits} = []")
    for condition, found in zip(conditions, points, strict=True):
        writer.line(f"if {condition}: {hits} += ({writer.number(found).text},)")
    writer.line(f"{own} = {choose}({hits})")
    _finish(frame, each)


def _numbered(frame: Frame, each: CompiledIndicator) -> Code:
    """The value as a number, in a local of its own where it may be something else."""
    value = frame.values[each.name]
    if value.kind == "decimal":
        return value
    local = frame.writer.name("n", each.name)
    frame.writer.line(f"{local} = {decimal(value)}")
    return Code(local, "decimal", value.null, True)


def _choose(
    frame: Frame, each: CompiledIndicator, branches: Sequence[Branch], otherwise: Decimal | None
) -> None:
    """Constants for each branch: their clamp and weight are worked out here, not for each row."""
    word = "if"
    for condition, own in branches:
        frame.writer.line(f"{word} {condition}: {_fixed(frame, each, own)}")
        word = "elif"
    rest = _fixed(frame, each, otherwise)
    frame.writer.line(f"else: {rest}" if branches else rest)


def _fixed(frame: Frame, each: CompiledIndicator, own: Decimal | None) -> str:
    local, writer = frame.locals[each.name], frame.writer
    points = clamped(each.node, each.node.missing_points if own is None else own)
    wanted: dict[str, Value] = {local.points: points}
    if each.node.scored:
        wanted = {local.own: own, **wanted}
        if local.fixed is not None:
            wanted[local.contribution] = CONTEXT.multiply(local.fixed, points)
    values = ", ".join(writer.literal(value).text for value in wanted.values())
    return f"{', '.join(wanted)} = {values}"


def _finish(frame: Frame, each: CompiledIndicator) -> None:
    """The clamp, and the contribution, of points that only the row tells."""
    local, writer, node = frame.locals[each.name], frame.writer, each.node
    points, missing = local.points, writer.number(node.missing_points).text
    writer.line(f"{points} = {missing} if {local.own} is None else {local.own}")
    for limit, sign in ((node.min_points, "<"), (node.max_points, ">")):
        if limit is not None:
            bound = writer.number(limit).text
            writer.line(f"if {points} {sign} {bound}: {points} = {bound}")
    if node.scored and local.fixed is not None:
        writer.line(f"{local.contribution} = {writer.number(local.fixed).text} * {points}")


POINTS: Mapping[str, Callable[[Frame, CompiledIndicator], None]] = {
    "identity": _identity,
    "bands": _bands,
    "linear": _linear,
    "map": _map,
    "rules": _rules,
}
