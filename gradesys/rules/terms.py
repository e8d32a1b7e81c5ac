"""An expression after reading and checking: a tree of what it does, nothing of how it was written.

Python's own syntax tree keeps what the rule language has not (other number types, attributes);
these few shapes are all that code is made from.
"""

from __future__ import annotations

from msgspec import Struct

from gradesys.records import Value


class Literal(Struct, frozen=True):
    """A number, a text, true, false or null."""

    value: Value


class Name(Struct, frozen=True):
    """An indicator, a param, a column, or a bound name."""

    name: str


class PointsOf(Struct, frozen=True):
    """``points(x)``."""

    name: str


class Operation(Struct, frozen=True):
    """``+ - * / **`` between two terms."""

    sign: str
    left: Term
    right: Term


class Signed(Struct, frozen=True):
    """Unary ``+`` or ``-``."""

    sign: str
    operand: Term


class Not(Struct, frozen=True):
    """``not``: always true or false."""

    operand: Term


class Logic(Struct, frozen=True):
    """``and`` or ``or`` over conditions, stopping early."""

    word: str
    operands: tuple[Term, ...]


class Choice(Struct, frozen=True):
    """``then if condition else otherwise``."""

    condition: Term
    then: Term
    otherwise: Term


class Comparison(Struct, frozen=True):
    """``first < a <= b``: each step a sign and what stands right of it."""

    first: Term
    steps: tuple[tuple[str, Term], ...]


class Listed(Struct, frozen=True):
    """The list after ``in``."""

    items: tuple[Term, ...]


class Call(Struct, frozen=True):
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
