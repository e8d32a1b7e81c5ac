"""From contributions to one rounded score (rules.md section 5, steps 6 to 13).

COMBINE has one small function for each way to combine; all write the local ``combined``. Sums are
written as plain operators: the function runs in the rules' own decimal context.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce

from msgspec import Struct

from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.emit.code import Code, decimal, listed
from gradesys.rules.emit.frame import Frame
from gradesys.rules.emit.items import Items, write_items
from gradesys.rules.emit.totals import looked_up
from gradesys.rules.emit.weights import weight
from gradesys.rules.model import Score


class Steps(Struct, frozen=True):
    """The score, and codes of what its account needs."""

    score: Code
    divisor: Code
    bounded: str
    clamps: str


def write_score(frame: Frame) -> Steps:
    """Writes ``combined`` and ``score``, and what leads from one to the other."""
    writer, score = frame.writer, frame.model.model.score
    writer.comment("score: ", score.combine)
    items = write_items(frame)
    divisor = _divisor(frame)
    combined = _combined(frame, items, divisor)
    if not combined.null:
        bounded = _write_rounded(frame, score)
        return Steps(Code("score", "decimal", False, True), divisor, bounded, items.clamps)
    writer.line("bounded = score = None")
    with writer.block("if combined is not None:"):
        bounded = _write_rounded(frame, score)
    return Steps(Code("score", "decimal", True, True), divisor, bounded, items.clamps)


def _combined(frame: Frame, items: Items, divisor: Code) -> Code:
    writer, score = frame.writer, frame.model.model.score
    if score.min_indicators <= 0:
        return COMBINE[score.combine](frame, items, divisor)
    known = " + ".join(f"({local.own} is not None)" for _, local in frame.scored) or "0"
    writer.line("combined = None")
    with writer.block(f"if {known} >= {writer.number(score.min_indicators).text}:"):
        COMBINE[score.combine](frame, items, divisor)
    return Code("combined", "decimal")


def _write_rounded(frame: Frame, score: Score) -> str:
    """Base, scale, clamp and rounding; gives the code of the score before rounding."""
    writer, bounded = frame.writer, "combined"
    if score.base or score.combine == "expression":
        writer.line(f"bounded = combined + {writer.number(score.base).text}")
        bounded = "bounded"
    if score.scale is not None:
        (a, b), (c, d) = score.scale.start, score.scale.end
        rise, run = writer.number(CONTEXT.subtract(d, c)), writer.number(CONTEXT.subtract(b, a))
        moved = f"({bounded} - {writer.number(a).text}) * {rise.text} / {run.text}"
        writer.line(f"bounded = {writer.number(c).text} + {moved}")
        bounded = "bounded"
    if score.min is not None or score.max is not None:
        writer.line(f"if not {bounded}.is_finite(): too_large()")
        bounded = writer.clamp("bounded", bounded, score.min, score.max)
    places = Decimal(1).scaleb(-int(score.decimals))
    zero = writer.number(places * 0).text
    writer.line(f"score = quantize({bounded}, {writer.number(places).text}) or {zero}")
    return bounded


def _divisor(frame: Frame) -> Code:
    """The live weights of an average; of other ways to combine there is none."""
    writer, scored = frame.writer, [local for _, local in frame.scored]
    if frame.model.model.score.combine != "weighted_average":
        return Code("None")
    if frame.is_excluding:
        writer.line(f"divisor = {writer.number(Decimal(0)).text}")
        for local in scored:
            writer.line(f"if {local.own} is not None: divisor += {weight(frame, local)}")
        return Code("divisor", "decimal", False, True)
    fixed = [local.fixed for local in scored if local.fixed is not None]
    if len(fixed) == len(scored):
        return writer.number(reduce(CONTEXT.add, fixed, Decimal(0)))
    _write_sum(frame, "divisor", [weight(frame, local) for local in scored])
    return Code("divisor", "decimal", False, True)


def _sum(frame: Frame, items: Items, divisor: Code) -> Code:
    _write_total(frame, items, "combined")
    return Code("combined", "decimal", False)


def _weighted_average(frame: Frame, items: Items, divisor: Code) -> Code:
    _write_total(frame, items, "total")
    frame.writer.line(f"combined = total / {divisor.text} if {divisor.text} else None")
    return Code("combined", "decimal")


def _write_total(frame: Frame, items: Items, name: str) -> None:
    writer = frame.writer
    if items.fixed is None:
        writer.line(f"{name} = {writer.number(Decimal(0)).text}")
        writer.line(f"for item in items.values(): {name} += item")
    else:
        count, total = looked_up(frame, items.alone)
        _write_sum(frame, name, [*([total] if count else []), *items.fixed[count:]])


def _write_sum(frame: Frame, name: str, texts: list[str]) -> None:
    zero = frame.writer.number(Decimal(0)).text
    frame.writer.line(f"{name} = {' + '.join(texts[:_IN_A_LINE]) or zero}")
    for start in range(_IN_A_LINE, len(texts), _IN_A_LINE):
        more = texts[start : start + _IN_A_LINE]
        frame.writer.line(f"{name} = {' + '.join([name, *more])}")


def _extreme(word: str) -> Callable[[Frame, Items, Code], Code]:
    def write(frame: Frame, items: Items, divisor: Code) -> Code:
        values = "items.values()" if items.fixed is None else listed(items.fixed)
        frame.writer.line(f"combined = {word}({values})")
        return Code("combined", "decimal", not items.fixed)

    return write


def _expression(frame: Frame, items: Items, divisor: Code) -> Code:
    formula = frame.model.formula
    if formula is None:
        frame.writer.line("combined = None")
        return Code("combined", "decimal")
    frame.writer.comment("", formula.text)
    found = frame.code(formula)
    frame.writer.line(f"combined = {found.text}")
    found = Code("combined", found.kind, found.null, True)
    frame.writer.line(f"combined = {decimal(found)}")
    return Code("combined", "decimal", found.null)


_IN_A_LINE = 8
COMBINE: Mapping[str, Callable[[Frame, Items, Code], Code]] = {
    "sum": _sum,
    "weighted_average": _weighted_average,
    "max": _extreme("largest"),
    "min": _extreme("smallest"),
    "expression": _expression,
}
