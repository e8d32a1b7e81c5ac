"""What the steps of one model's function share: the lines so far and the locals that hold what is
known. Locals are named fold_, v_ (value), w_ (weight) and l_ (the landing: own points, clamped
points, weight x points), each with the indicator's name; o_, p_ and c_ are the three of a landing
that a row decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct, field

from gradesys.rules.emit.code import Code
from gradesys.rules.emit.expressions import Names
from gradesys.rules.emit.plain import written
from gradesys.rules.emit.writer import Writer
from gradesys.rules.expressions import Expression
from gradesys.rules.model import ColumnIndicator

if TYPE_CHECKING:
    from gradesys.rules.compile import CompiledModel
    from gradesys.rules.indicators import CompiledIndicator


class Locals(Struct, frozen=True):
    """The names of one indicator's locals. ``fixed``: its weight where no rule decides it.
    ``landing``: the local that holds all three numbers, or the code that makes it of them.
    ``computed``: locals for own points, points and contribution that are not constants."""

    fold: str
    value: str
    weight: str
    fixed: Decimal | None
    landing: str
    is_landed: bool
    computed: tuple[str, str, str]

    @property
    def own(self) -> str:
        """The code of the points before the clamp."""
        return self._part(0)

    @property
    def points(self) -> str:
        """The code of the clamped points."""
        return self._part(1)

    @property
    def contribution(self) -> str:
        """The code of weight x points."""
        return self._part(2)

    def _part(self, place: int) -> str:
        return f"{self.landing}[{place}]" if self.is_landed else self.computed[place]


class Frame(Struct, frozen=True):
    """One function while it is written. ``values`` and ``points`` grow as they become known;
    ``given``: raw values that come from elsewhere than the record's facts; ``spared``: indicators
    whose points nobody asks for; ``rests``: contributions by the constants that an indicator's
    landing may be; ``worked``: indicators whose points a row may also work out."""

    model: CompiledModel
    writer: Writer
    locals: Mapping[str, Locals]
    values: dict[str, Code] = field(default_factory=dict)
    points: dict[str, Code] = field(default_factory=dict)
    given: dict[str, Code] = field(default_factory=dict)
    spared: frozenset[str] = frozenset()
    rests: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    worked: set[str] = field(default_factory=set)

    @property
    def scored(self) -> Iterator[tuple[CompiledIndicator, Locals]]:
        """The scored indicators, as declared."""
        for name, each in self.model.indicators.items():
            if each.node.scored:
                yield each, self.locals[name]

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Of each indicator, as declared, the column whose cell is its value."""
        return tuple(
            node.column
            if isinstance(node, ColumnIndicator) and node.default is None and not each.transform
            else None
            for each in self.model.indicators.values()
            for node in [each.node]
        )

    @property
    def is_excluding(self) -> bool:
        """True when missing indicators do not count."""
        return self.model.model.score.missing == "exclude"

    def code(self, expression: Expression, **bound: Code) -> Code:
        """An expression's code, where indicators hide params and bound names hide both."""
        params = self.model.model.params

        def value(name: str) -> Code:
            if name in bound:
                return bound[name]
            return self.values[name] if name in self.values else self.writer.literal(params[name])

        return written(expression.term, Names(self.writer, value, self.points.__getitem__))


def insert_head(writer: Writer, place: int) -> None:
    """Locals for what the function needs of the record's facts."""
    indent = "    " * writer.depth
    lines = [f"{indent}{line}" for name, line in HEAD.items() if name in writer.needs]
    writer.lines[place:place] = lines


def open_frame(model: CompiledModel, writer: Writer, spared: frozenset[str] = frozenset()) -> Frame:
    """A frame with the locals of every indicator."""
    locals_ = {name: _locals(each, writer) for name, each in model.indicators.items()}
    return Frame(model, writer, locals_, spared=spared)


def _locals(each: CompiledIndicator, writer: Writer) -> Locals:
    value = writer.name("v", each.name)
    told = value[1:]
    fixed = None if each.weight.cases else each.weight.otherwise
    computed = f"o{told}", f"p{told}", f"c{told}"
    is_landed = each.node.scored and fixed is not None
    landing = f"l{told}" if is_landed else f"({', '.join(computed)})"
    return Locals(f"fold{told}", value, f"w{told}", fixed, landing, is_landed, computed)


HEAD = {
    "row": "row = facts.row",
    "folds": "folds = facts.folds",
    "moment": "moment = facts.moment",
    "cuts": "cuts = facts.cuts",
    "notes": "notes = None",
}
"""What each local is."""
