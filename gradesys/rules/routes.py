"""The way back from a changed row to the scored records it matters to, step by step (section 7).

A route travels as text in an EXPAND key, so that a large fan-out can be followed later, by whoever
takes the key, with nothing else remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from gradesys.records import Key, KeyKind, Ref
from gradesys.rules.paths import Descent, End, Leg

SEPARATOR = ">"


class Move(StrEnum):
    """How a step leaves a row."""

    UP = "up"
    """To the row of ``table`` that our ``column`` points to."""
    DOWN = "down"
    """To the rows of ``table`` whose ``column`` points to us."""
    ACROSS = "across"
    """To the rows of ``table`` at the ``far`` end of ``links`` that hold our id in ``column``."""
    CLIMB = "climb"
    """To this row and its ancestors along ``column``, ``depth`` levels up (negative: all)."""


class Step(Struct, frozen=True):
    """One step; ``table`` is where it arrives."""

    move: Move
    table: str
    column: str
    links: str = ""
    far: str = ""
    depth: int = -1


Steps = tuple[Step, ...]


class Route(Struct, frozen=True):
    """From a row to the records of ``target``; without steps the row is the record."""

    target: str
    steps: Steps = ()

    def after(self, step: Step) -> Route:
        """The route of rows from which ``step`` leads to where this one begins."""
        return Route(self.target, (step, *self.steps))


def arrive(ref: Ref, steps: Steps) -> Key:
    """The key of a row that was reached, with the steps that are still to go."""
    if steps:
        return Key(KeyKind.EXPAND, ref.table, ref.id, written(steps))
    return Key(KeyKind.TARGET, ref.table, ref.id)


def written(steps: Iterable[Step]) -> str:
    """Steps as the text of an EXPAND key."""
    return SEPARATOR.join(_written(step) for step in steps)


def read_steps(text: str) -> tuple[Step, ...]:
    """The steps of an EXPAND key."""
    return tuple(_read(part) for part in text.split(SEPARATOR) if part)


def back(leg: Leg) -> Step:
    """From the rows that a hop arrives at, to those it came from."""
    if leg.kind == "child":
        return Step(Move.UP, leg.here.table, leg.lookup)
    if leg.kind == "parent":
        return Step(Move.DOWN, leg.here.table, leg.lookup)
    return Step(Move.ACROSS, leg.here.table, leg.far, links=leg.links.table, far=leg.near)


def climb(descent: Descent, target: End) -> Step:
    """From a row of a hierarchy to all who have it among their descendants."""
    depth = -1 if descent.depth is None else descent.depth
    return Step(Move.CLIMB, target.table, descent.lookup, depth=depth)


def _written(step: Step) -> str:
    parts = [step.table, step.column]
    if step.move is Move.ACROSS:
        parts += [step.links, step.far]
    if step.move is Move.CLIMB:
        parts.append(str(step.depth))
    return " ".join([step.move, *parts])


def _read(text: str) -> Step:
    move, table, column, *more = text.split(" ")
    if move == Move.ACROSS:
        return Step(Move.ACROSS, table, column, links=more[0], far=more[1])
    return Step(Move(move), table, column, depth=int(more[0]) if more else -1)
