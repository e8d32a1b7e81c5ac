"""Reason codes: what costs a record the most points (rules.md sections 5 and 15.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gradesys.rules.emit.frame import Frame, Locals
from gradesys.rules.emit.weights import weight
from gradesys.rules.points import baseline

if TYPE_CHECKING:
    from gradesys.rules.indicators import CompiledIndicator


def write_reasons(frame: Frame) -> str:
    """The code of the reasons: a local that is written, or none at all."""
    writer, wanted = frame.writer, frame.model.model.reasons
    if wanted is None:
        return "()"
    writer.line("reasons = ()")
    count = None if wanted.count is None else int(wanted.count)
    with writer.block("if score is not None:"):
        writer.line("gaps = []")
        for each, local in frame.scored:
            best = _best(frame, each, local)
            if each.node.reason is not None and best is not None:
                _write_gap(frame, each.node.reason, local, best)
        writer.line(f"if gaps: reasons = reason_codes(gaps, {count})")
    return "reasons"


def _best(frame: Frame, each: CompiledIndicator, local: Locals) -> str | None:
    """The code of the baseline; it depends on the sign of the weight."""
    one = Decimal(1)
    signs = (one, -one) if local.fixed is None else (local.fixed,)
    found = [baseline(each.node, each.points, sign) for sign in signs]
    texts = [frame.writer.literal(best).text for best in found]
    if local.fixed is None and texts[0] != texts[1]:
        zero = frame.writer.number(Decimal(0)).text
        return f"({texts[0]} if {local.weight} >= {zero} else {texts[1]})"
    return None if found[0] is None else texts[0]


def _write_gap(frame: Frame, reason: str, local: Locals, best: str) -> None:
    writer = frame.writer
    zero = writer.number(Decimal(0)).text
    guards = [f"{local.own} is not None"] if frame.is_excluding else []
    if best.startswith("("):
        writer.line(f"best = {best}")
        guards.append("best is not None")
        best = "best"
    gap = f"(gap := {weight(frame, local)} * ({best} - {local.points})) > {zero}"
    writer.line(f"if {' and '.join([*guards, gap])}: gaps.append(({reason!r}, gap))")
