"""The card of eight.yaml as plain numbers, so that each engine can be given the very same rules in
its own language; the YAML stays the one place where they are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Banded:
    """Points by the highest bound that the column reaches; ``bounds`` from the highest down."""

    column: str
    weight: float
    bounds: tuple[tuple[float, float], ...]
    below: float


@dataclass(frozen=True, slots=True)
class Mapped:
    """Points by the column's value."""

    column: str
    weight: float
    points: Mapping[object, float]
    otherwise: float


@dataclass(frozen=True, slots=True)
class Line:
    """Points from 0 to 100 along a line that is level outside ``low`` and ``high``."""

    column: str
    weight: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Margin:
    """A share in percent, held between 0 and 100; nothing is divided by 0."""

    part: str
    whole: str
    weight: float


Part = Banded | Mapped | Line | Margin


@dataclass(frozen=True, slots=True)
class Card:
    """Eight indicators, and the grades from the best down with the score each begins at."""

    banded: tuple[Banded, ...]
    mapped: tuple[Mapped, ...]
    line: Line
    margin: Margin
    grades: tuple[tuple[str, float], ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """All eight, in one order."""
        return (*self.banded, *self.mapped, self.line, self.margin)


def read_card(rules: Path) -> Card:
    """The card of the rule file; the margin's formula is known here, not parsed."""
    document = yaml.safe_load(rules.read_text(encoding="utf-8"))
    scored = {
        name: each for name, each in document["indicators"].items() if each.get("scored", True)
    }
    formula = scored.pop("margin")
    if formula["expression"] != "ratio(profit, turnover, 0) * 100":
        raise ValueError(f"{rules.name}: the peers do not know {formula['expression']}")
    shapes = [(each, each["points"]) for each in scored.values()]
    (line,) = [_line(each, points["linear"]) for each, points in shapes if "linear" in points]
    return Card(
        tuple(_banded(each, points["bands"]) for each, points in shapes if "bands" in points),
        tuple(_mapped(each, points) for each, points in shapes if "map" in points),
        line,
        Margin("profit", "turnover", formula["weight"]),
        tuple((band["grade"], band.get("min", 0.0)) for band in document["grades"]["bands"]),
    )


def _banded(indicator: Mapping[str, Any], bands: list[Mapping[str, Any]]) -> Banded:
    below, *others = bands
    bounds = [(float(band["min"]), float(band["points"])) for band in reversed(others)]
    return Banded(indicator["column"], indicator["weight"], tuple(bounds), float(below["points"]))


def _mapped(indicator: Mapping[str, Any], points: Mapping[str, Any]) -> Mapped:
    given = {key: float(value) for key, value in points["map"].items()}
    return Mapped(indicator["column"], indicator["weight"], given, float(points["otherwise"]))


def _line(indicator: Mapping[str, Any], line: Mapping[str, Any]) -> Line:
    (low, high), (least, most) = line["from"], line["to"]
    if (least, most) != (0, 100):
        raise ValueError("the peers draw lines from 0 to 100 points")
    return Line(indicator["column"], indicator["weight"], float(low), float(high))
