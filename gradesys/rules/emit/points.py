"""Points of one value (rules.md section 4): POINTS has one small function for each way.

Own points are None where the indicator counts as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from gradesys.rules.arithmetic import CONTEXT, EXACT
from gradesys.rules.emit.code import Code, decimal, truth
from gradesys.rules.emit.frame import Frame
from gradesys.rules.emit.landing import (
    Branch,
    assigned,
    code_of,
    wanted_of,
    write_branches,
    write_computed,
)
from gradesys.rules.emit.writer import Writer
from gradesys.rules.hits import HITS
from gradesys.rules.keys import Flag
from gradesys.rules.model import Bands, Linear, PointRules, Quantiles, ValueMap
from gradesys.rules.points import kind_of, map_key
from gradesys.rules.textmap import TextMap

if TYPE_CHECKING:
    from gradesys.rules.indicators import CompiledIndicator


def write_points(frame: Frame) -> None:
    """One step an indicator, as declared. A helper whose points cannot be had has none."""
    wanted = {n: each for n, each in frame.model.indicators.items() if n not in frame.spared}
    for each in wanted.values():
        frame.writer.comment("", f"points of {each.name}: {kind_of(each.node.points)}")
        way = POINTS[kind_of(each.node.points)]
        if each.node.scored or not _may_fail(frame, each):
            way(frame, each)
        else:
            with frame.writer.block("try:"):
                way(frame, each)
            frame.writer.line(f"except RecordError: {frame.locals[each.name].points} = None")
    for name, each in wanted.items():
        null = not each.node.scored and _may_fail(frame, each)
        frame.points[name] = Code(frame.locals[name].points, "decimal", null, True)


def _may_fail(frame: Frame, each: CompiledIndicator) -> bool:
    return bool(each.points.cases) or not frame.values[each.name].numeric


def _identity(frame: Frame, each: CompiledIndicator) -> None:
    value = frame.values[each.name]
    writer = frame.writer
    word = ""
    if value.null:
        writer.line(f"if {value.text} is None: {assigned(frame, each, None)}")
        word = "else:"
    write_computed(frame, each, word, decimal(replace(value, null=False)))


def _bands(frame: Frame, each: CompiledIndicator) -> None:
    node = each.node.points
    assert isinstance(node, Bands)
    bounded = [(band.min, band.points) for band in node.bands if band.min is not None]
    lowest = node.bands[0]
    rest = assigned(frame, each, lowest.points if lowest.min is None else Decimal(0))
    with (_compared if bounded else _numbered)(frame, each) as (value, branches):
        for least, points in reversed(bounded):
            branches.append((f"{value} >= {frame.writer.number(least).text}", points))
        write_branches(frame, each, branches, rest)


def _linear(frame: Frame, each: CompiledIndicator) -> None:
    node = each.node.points
    assert isinstance(node, Linear)
    (from0, from1), (to0, to1) = node.linear.start, node.linear.end
    number = frame.writer.number
    rise, run = CONTEXT.subtract(to1, to0), CONTEXT.subtract(from1, from0)

    def carried(x: Decimal) -> Decimal:
        risen = CONTEXT.multiply(CONTEXT.subtract(x, from0), rise)
        return CONTEXT.add(to0, CONTEXT.divide(risen, run))

    low, high = min(from0, from1), max(from0, from1)
    with _compared(frame, each) as (value, branches):
        branches.append((f"{value} <= {number(low).text}", carried(low)))
        branches.append((f"{value} >= {number(high).text}", carried(high)))
        write_branches(frame, each, branches)
        base = f"{number(to0).text} + " if to0 else ""
        moved = f"({value} - {number(from0).text})" if from0 else f"+{value}"
        sloped = f"* {number(rise).text} / {number(run).text}"
        if _only_shifts(rise):
            sloped = _sloped(frame.writer, rise, run)
        write_computed(frame, each, "else:", f"{base}{moved} {sloped}")


def _sloped(writer: Writer, rise: Decimal, run: Decimal) -> str:
    """One division for both; or one multiplication, which is quicker, where the slope has an end:
    the product is the quotient, rounded once like it."""
    slope = CONTEXT.divide(rise, run)
    if EXACT.multiply(slope, run) == rise:
        return f"* {writer.number(slope).text}"
    return f"/ {writer.number(CONTEXT.divide(run, rise)).text}"


def _only_shifts(factor: Decimal) -> bool:
    """True for a power of ten: no digit is lost by it, so one division does for both."""
    return factor > 0 and factor.normalize().as_tuple().digits == (1,)


def _map(frame: Frame, each: CompiledIndicator) -> None:
    node = each.node.points
    assert isinstance(node, ValueMap)
    writer, value = frame.writer, frame.values[each.name]
    entries: dict[object, str] = {
        map_key(key): code_of(frame, each, own) for key, own in node.map.items()
    }
    is_text = all(_is_plain(key) for key in entries)
    if value.cell:
        entries = _by_cell(entries, Decimal if value.kind == "decimal" else Flag)
    if value.null:
        entries[None] = code_of(frame, each, None)
    rest = code_of(frame, each, node.otherwise)

    def table(known: Mapping[str, Any]) -> dict[object, Any]:
        found = {key: known[code] for key, code in entries.items()}
        return TextMap(found, known[rest]) if is_text else found

    name = writer.later("m", each.name, table)
    found = f"{name}[{value.text}]" if is_text else _found(name, rest, value)
    writer.line(f"{wanted_of(frame, each)} = {found}")


def _found(table: str, rest: str, value: Code) -> str:
    """A number need not be brought into the form of a key, nor need a cell."""
    if value.cell:
        return f"{table}.get({value.cell}, {rest})"
    if value.kind == "decimal":
        return f"{table}.get({value.text}, {rest})"
    key = f"{value.text} if {value.text}.__class__ is Decimal else map_key({value.text})"
    return f"{table}.get({key}, {rest})"


def _by_cell(entries: Mapping[object, str], kind: type[Decimal | Flag]) -> dict[object, str]:
    """By the ints or bools that such cells hold: to find the hash of a Decimal takes long."""
    return {_cell(key): code for key, code in entries.items() if isinstance(key, kind)}


def _cell(key: Any) -> object:
    if isinstance(key, Flag):
        return key is Flag.TRUE
    return int(key) if key == key.to_integral_value() else key


def _is_plain(key: object) -> bool:
    """True for a text that is the key of itself."""
    return isinstance(key, str) and map_key(key) == key


def _rules(frame: Frame, each: CompiledIndicator) -> None:
    node, value = each.node.points, frame.values[each.name]
    assert isinstance(node, PointRules)
    conditions = [
        "True" if case.expression is None else truth(frame.code(case.expression, value=value))
        for case, _ in each.points.cases
    ]
    cases = list(zip(conditions, [own for _, own in each.points.cases], strict=True))
    choose = HITS[node.hit].choose
    if choose is None:
        write_branches(frame, each, cases, assigned(frame, each, None))
        return
    writer, own = frame.writer, frame.locals[each.name].computed[0]
    hits, chosen = writer.name("hits"), writer.object("choose", node.hit, choose)
    writer.line(f"{hits} = []")
    for condition, found in cases:
        writer.line(f"if {condition}: {hits} += ({writer.number(found).text},)")
    writer.line(f"{own} = {chosen}({hits})")
    writer.line(f"if {own} is None: {assigned(frame, each, None)}")
    write_computed(frame, each, "else:", own)


def _quantiles(frame: Frame, each: CompiledIndicator) -> None:
    node, writer = each.node.points, frame.writer
    assert isinstance(node, Quantiles)
    cuts, codes = writer.name("q", each.name), [code_of(frame, each, own) for own in node.points]
    shares = writer.later("m", each.name, lambda known: [known[code] for code in codes])
    writer.line(f"{cuts} = {writer.need('cuts')}.quantiles.get({each.name!r})")
    remark = f"provisional: {each.name} has no cut points yet"
    writer.line(f"if not {cuts}: {writer.noting()}({remark!r})")
    with _numbered(frame, each) as (value, missing):
        rest = f"{wanted_of(frame, each)} = {shares}[share_of({cuts}, {value})]"
        write_branches(frame, each, [*missing, (f"not {cuts}", None)], rest)


@contextmanager
def _numbered(frame: Frame, each: CompiledIndicator) -> Iterator[tuple[str, list[Branch]]]:
    """The value as a number, in a local of its own where it may be something else; and the branch
    where there is none."""
    value, local = frame.values[each.name], frame.values[each.name].text
    if value.kind != "decimal":
        local = frame.writer.name("n", each.name)
        frame.writer.line(f"{local} = {decimal(value)}")
    yield local, [(f"{local} is None", None)] if value.null else []


@contextmanager
def _compared(frame: Frame, each: CompiledIndicator) -> Iterator[tuple[str, list[Branch]]]:
    """The value as it stands, for points that begin with comparing it, and the branch where there
    is none. True and false compare as 1 and 0; what is no number refuses, and that is told."""
    value, writer = frame.values[each.name], frame.writer
    with writer.block("try:") if value.kind == "any" else nullcontext():
        yield value.text, [(f"{value.text} is None", None)] if value.null else []
    if value.kind == "any":
        writer.line(f"except TypeError: number({value.text})")


POINTS: Mapping[str, Callable[[Frame, CompiledIndicator], None]] = {
    "identity": _identity,
    "bands": _bands,
    "linear": _linear,
    "map": _map,
    "rules": _rules,
    "quantiles": _quantiles,
}
