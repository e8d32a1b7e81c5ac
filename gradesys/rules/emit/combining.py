"""From contributions to one rounded score (rules.md section 5, steps 6 to 13).

COMBINE has one small function for each way to combine; all write the local ``combined``. Sums are
written as plain operators: the function runs in the rules' own decimal context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.emit.code import Code, decimal
from gradesys.rules.emit.frame import Frame, Locals
from gradesys.rules.emit.items import Items, write_items
from gradesys.rules.emit.weights import weight
from gradesys.rules.model import Span


def write_score(frame: Frame) -> None:
    """Writes ``divisor``, ``combined``, ``bounded`` and ``score``."""
    writer, score = frame.writer, frame.model.model.score
    writer.comment("score: ", score.combine)
    items = write_items(frame)
    _write_divisor(frame)
    if score.min_indicators > 0:
        known = " + ".join(f"({local.own} is not None)" for _, local in frame.scored) or "0"
        writer.line("combined = None")
        with writer.block(f"if {known} >= {writer.number(score.min_indicators).text}:"):
            COMBINE[score.combine](frame, items)
    else:
        COMBINE[score.combine](frame, items)
    writer.line("bounded = score = None")
    with writer.block("if combined is not None:"):
        _write_bounded(frame)
        places = Decimal(1).scaleb(-int(score.decimals))
        zero = writer.number(places * 0).text
        writer.line(f"score = quantize(bounded, {writer.number(places).text}) or {zero}")


def _write_bounded(frame: Frame) -> None:
    writer, score = frame.writer, frame.model.model.score
    writer.line(f"bounded = combined + {writer.number(score.base).text}")
    if score.scale is not None:
        writer.line(f"bounded = {_scaled(frame, score.scale)}")
    if score.min is not None or score.max is not None:
        writer.line("if not bounded.is_finite(): too_large()")
    for limit, sign in ((score.min, "<"), (score.max, ">")):
        if limit is not None:
            bound = writer.number(limit).text
            writer.line(f"if bounded {sign} {bound}: bounded = {bound}")


def _scaled(frame: Frame, span: Span) -> str:
    number = frame.writer.number
    (a, b), (c, d) = span.start, span.end
    rise, run = number(CONTEXT.subtract(d, c)).text, number(CONTEXT.subtract(b, a)).text
    return f"{number(c).text} + (bounded - {number(a).text}) * {rise} / {run}"


def _write_divisor(frame: Frame) -> None:
    """The live weights of an average; of other ways to combine there is none."""
    writer, scored = frame.writer, [local for _, local in frame.scored]
    if frame.model.model.score.combine != "weighted_average":
        writer.line("divisor = None")
    elif frame.is_excluding:
        writer.line(f"divisor = {writer.number(Decimal(0)).text}")
        for local in scored:
            writer.line(f"if {local.own} is not None: divisor += {weight(frame, local)}")
    else:
        writer.line(f"divisor = {_weights(frame, scored)}")


def _weights(frame: Frame, scored: Sequence[Locals]) -> str:
    fixed = [local.fixed for local in scored if local.fixed is not None]
    if len(fixed) == len(scored):
        return frame.writer.number(reduce(CONTEXT.add, fixed, Decimal(0))).text
    return " + ".join(weight(frame, local) for local in scored)


def _sum(frame: Frame, items: Items) -> None:
    _write_total(frame, items, "combined")


def _weighted_average(frame: Frame, items: Items) -> None:
    _write_total(frame, items, "total")
    frame.writer.line("combined = total / divisor if divisor else None")


def _write_total(frame: Frame, items: Items, name: str) -> None:
    writer = frame.writer
    zero = writer.number(Decimal(0)).text
    if items.fixed is None:
        writer.line(f"{name} = {zero}")
        writer.line(f"for item in items.values(): {name} += item")
        return
    writer.line(f"{name} = {' + '.join(items.fixed[:_IN_A_LINE]) or zero}")
    for start in range(_IN_A_LINE, len(items.fixed), _IN_A_LINE):
        more = items.fixed[start : start + _IN_A_LINE]
        writer.line(f"{name} = {' + '.join([name, *more])}")


def _extreme(word: str) -> Callable[[Frame, Items], None]:
    def write(frame: Frame, items: Items) -> None:
        values = "items.values()" if items.fixed is None else _tuple(items.fixed)
        frame.writer.line(f"combined = {word}({values})")

    return write


def _tuple(texts: Iterable[str]) -> str:
    return f"({''.join(f'{text}, ' for text in texts)})"


def _expression(frame: Frame, items: Items) -> None:
    formula = frame.model.formula
    if formula is None:
        frame.writer.line("combined = None")
        return
    frame.writer.comment("", formula.text)
    found = frame.code(formula)
    frame.writer.line(f"combined = {found.text}")
    frame.writer.line(f"combined = {decimal(Code('combined', found.kind, atom=True))}")


_IN_A_LINE = 8
COMBINE: Mapping[str, Callable[[Frame, Items], None]] = {
    "sum": _sum,
    "weighted_average": _weighted_average,
    "max": _extreme("largest"),
    "min": _extreme("smallest"),
    "expression": _expression,
}
