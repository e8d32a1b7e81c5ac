"""The card as one expression of conditions, as zen, CEL and rule-engine read it alike.

Numbers are written with a point, because CEL does not mix whole numbers and others.
"""

from __future__ import annotations

from bench.peers.card import Banded, Card, Line, Mapped, Margin, Part


def score_text(card: Card) -> str:
    """The weighted sum of all points."""
    return " + ".join(f"{part.weight} * {part_text(part)}" for part in card.parts)


def part_text(part: Part) -> str:
    """The points of one indicator."""
    match part:
        case Banded():
            return banded_text(part)
        case Mapped():
            return mapped_text(part)
        case Line():
            return line_text(part)
        case Margin():
            return margin_text(part)


def banded_text(banded: Banded) -> str:
    """Points by bounds, the highest first."""
    steps = "".join(f"{banded.column} >= {low} ? {points} : " for low, points in banded.bounds)
    return f"({steps}{banded.below})"


def mapped_text(mapped: Mapped) -> str:
    """Points by value."""
    steps = "".join(
        f"{mapped.column} == {literal(value)} ? {points} : "
        for value, points in mapped.points.items()
    )
    return f"({steps}{mapped.otherwise})"


def line_text(line: Line) -> str:
    """Points along a line."""
    value, slope = line.column, 100.0 / (line.high - line.low)
    inside = f"{slope:f} * {value}" if line.low == 0 else f"{slope:f} * ({value} - {line.low})"
    return f"({value} <= {line.low} ? 0.0 : {value} >= {line.high} ? 100.0 : {inside})"


def margin_text(margin: Margin) -> str:
    """A share in percent between 0 and 100."""
    part, whole = margin.part, margin.whole
    share = f"{part} <= 0.0 ? 0.0 : {part} >= {whole} ? 100.0 : 100.0 * {part} / {whole}"
    return f"({whole} == 0.0 ? 0.0 : {share})"


def literal(value: object) -> str:
    """A text in quotes, or a number with its point."""
    return f'"{value}"' if isinstance(value, str) else str(float(str(value)))
