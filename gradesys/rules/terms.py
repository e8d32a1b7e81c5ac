"""An expression after reading and checking: a tree of what it does, nothing of how it was written.

Python's own syntax tree keeps what the rule language has not (other number types, attributes);
these few shapes are all that code is made from.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradesys.records import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true, false or null."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """An indicator, a param, a column, or a bound name."""

    name: str


@dataclass(frozen=True, slots=True)
class PointsOf:
    """``points(x)``."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``+ - * / **`` between two terms."""

    sign: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Signed:
    """Unary ``+`` or ``-``."""

    sign: str
    operand: Term


@dataclass(frozen=True, slots=True)
class Not:
    """``not``: always true or false."""

    operand: Term


@dataclass(frozen=True, slots=True)
class Logic:
    """``and`` or ``or`` over conditions, stopping early."""

    word: str
    operands: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """``then if condition else otherwise``."""

    condition: Term
    then: Term
    otherwise: Term


@dataclass(frozen=True, slots=True)
class Comparison:
    """``first < a <= b``: each step a sign and what stands right of it."""

    first: Term
    steps: tuple[tuple[str, Term], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The list after ``in``."""

    items: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the rule language."""

    function: str
    arguments: tuple[Term, ...]


Term = (
    Literal
    | Name
    | PointsOf
    | Operation
    | Signed
    | Not
    | Logic
    | Choice
    | Comparison
    | Listed
    | Call
)
NULL = Literal(None)
