"""What the steps of one model's function share: the lines so far and the locals that hold what is
known. Locals are named fold_, v_ (value), o_ (own points), p_ (clamped points), w_ (weight) and
c_ (weight x points), each with the indicator's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from gradesys.rules.emit.code import Code
from gradesys.rules.emit.expressions import Names, emit
from gradesys.rules.emit.writer import Writer
from gradesys.rules.expressions import Expression

if TYPE_CHECKING:
    from gradesys.rules.compile import CompiledModel
    from gradesys.rules.indicators import CompiledIndicator


@dataclass(frozen=True, slots=True)
class Locals:
    """The names of one indicator's locals. ``fixed``: its weight where no rule decides it."""

    fold: str
    value: str
    own: str
    points: str
    weight: str
    contribution: str
    fixed: Decimal | None


@dataclass(frozen=True, slots=True)
class Frame:
    """One function while it is written. ``values`` and ``points`` grow as they become known;
    ``given``: raw values that come from elsewhere than the record's facts; ``spared``: indicators
    whose points nobody asks for."""

    model: CompiledModel
    writer: Writer
    locals: Mapping[str, Locals]
    values: dict[str, Code] = field(default_factory=dict)
    points: dict[str, Code] = field(default_factory=dict)
    given: dict[str, Code] = field(default_factory=dict)
    spared: frozenset[str] = frozenset()

    @property
    def scored(self) -> Iterator[tuple[CompiledIndicator, Locals]]:
        """The scored indicators, as declared."""
        for name, each in self.model.indicators.items():
            if each.node.scored:
                yield each, self.locals[name]

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

        return emit(expression.term, Names(self.writer, value, self.points.__getitem__))


def insert_head(writer: Writer, place: int) -> None:
    """Locals for what the function needs of the record's facts."""
    lines = [f"    {line}" for name, line in HEAD.items() if name in writer.needs]
    writer.lines[place:place] = lines


def open_frame(model: CompiledModel, writer: Writer, spared: frozenset[str] = frozenset()) -> Frame:
    """A frame with the locals of every indicator."""
    locals = {name: _locals(each, writer) for name, each in _all(model)}
    return Frame(model, writer, locals, spared=spared)


def _all(model: CompiledModel) -> Iterator[tuple[str, CompiledIndicator]]:
    return iter(model.indicators.items())


def _locals(each: CompiledIndicator, writer: Writer) -> Locals:
    def name(prefix: str) -> str:
        return writer.name(prefix, each.name)

    fixed = None if each.weight.cases else each.weight.otherwise
    return Locals(name("fold"), name("v"), name("o"), name("p"), name("w"), name("c"), fixed)


HEAD = {
    "row": "row = facts.row",
    "get": "get = facts.row.get",
    "folds": "folds = facts.folds",
    "moment": "moment = facts.moment",
    "cuts": "cuts = facts.cuts",
    "note": "notes = []; note = notes.append",
}
"""What each local is."""
