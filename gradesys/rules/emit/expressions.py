"""Terms as code (rules.md 3.3, 15.1): TERMS has one small function for each kind of term.

What is null, and what kind a value has, is known for many terms before any row is seen: those
become plain Python; the others call the functions that decide at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.datefunctions import FUNCTIONS
from gradesys.rules.emit.code import NULL, Code, joined, listed, truth
from gradesys.rules.emit.writer import NOTING, Writer
from gradesys.rules.terms import (
    Call,
    Choice,
    Comparison,
    Listed,
    Literal,
    Logic,
    Name,
    Not,
    Operation,
    PointsOf,
    Signed,
    Term,
)

_DEEPEST = 40
"""Python's parser allows 200 open parentheses; deeper terms become functions of their own."""


class Names(Struct, frozen=True):
    """What names mean at one place, and where the clock and the notes are found."""

    writer: Writer
    value: Callable[[str], Code]
    points: Callable[[str], Code]
    moment: str = "moment"
    note: str | None = None

    def given(self, what: str) -> str:
        """The code of ``moment`` or ``note``."""
        if what == "note":
            return self.note or self.writer.noting()
        self.writer.need(what)
        return self.moment


def emit(term: Term, names: Names) -> Code:
    """The code of a term; helping lines may be written before the statement that uses it."""
    code = TERMS[type(term)](term, names)
    if code.depth <= _DEEPEST:
        return code
    name = names.writer.name("deep")
    with names.writer.block(f"def {name}():"):
        if NOTING in code.text:
            names.writer.line("nonlocal notes")
        names.writer.line(f"return {code.text}")
    return replace(code, text=f"{name}()", depth=1)


def _literal(term: Literal, names: Names) -> Code:
    return names.writer.literal(term.value)


def _name(term: Name, names: Names) -> Code:
    return names.value(term.name)


def _points(term: PointsOf, names: Names) -> Code:
    return names.points(term.name)


def _operation(term: Operation, names: Names) -> Code:
    left, right = emit(term.left, names), emit(term.right, names)
    note, depth = names.given("note"), _below(left, right)
    if term.sign in PLAIN and left.kind == right.kind == "decimal":
        maybe = [code for code in (left, right) if code.null]
        found = names.writer.name("t")
        computed = f"({found} := {left.text} {term.sign} {right.text}).is_finite()"
        result = f"({found} if {computed} else within({found}, {note}))"
        if not maybe:
            return Code(result, "decimal", depth=depth)
        if left.atom and right.atom:
            missing = " or ".join(f"{code.text} is None" for code in maybe)
            return Code(f"(None if {missing} else {result})", "decimal", depth=depth + 1)
    text = f"{OPERATIONS[term.sign]}({left.text}, {right.text}, {note})"
    return Code(text, "decimal", depth=depth)


def _signed(term: Signed, names: Names) -> Code:
    if isinstance(term.operand, Literal) and isinstance(term.operand.value, Decimal):
        turn = CONTEXT.minus if term.sign == "-" else CONTEXT.plus
        return names.writer.number(turn(term.operand.value))
    operand = emit(term.operand, names)
    word = "negate" if term.sign == "-" else "plus"
    return Code(f"{word}({operand.text})", "decimal", operand.null, depth=_below(operand))


def _not(term: Not, names: Names) -> Code:
    operand = emit(term.operand, names)
    return Code(f"(not {truth(operand)})", "truth", False, depth=_below(operand))


def _logic(term: Logic, names: Names) -> Code:
    operands = [emit(operand, names) for operand in term.operands]
    text = f" {term.word} ".join(map(truth, operands))
    return Code(f"({text})", "truth", False, depth=_below(*operands))


def _choice(term: Choice, names: Names) -> Code:
    condition = emit(term.condition, names)
    then, otherwise = emit(term.then, names), emit(term.otherwise, names)
    text = f"({then.text} if {truth(condition)} else {otherwise.text})"
    null = then.null or otherwise.null
    return Code(text, joined(then, otherwise), null, depth=_below(condition, then, otherwise))


def _comparison(term: Comparison, names: Names) -> Code:
    left = emit(term.first, names)
    parts, met = [], [left]
    for place, (sign, operand) in enumerate(term.steps):
        right = emit(operand, names)
        met.append(right)
        kept = right
        if place < len(term.steps) - 1 and not right.atom:
            kept = replace(right, text=names.writer.name("t"), atom=True)
            right = replace(right, text=f"({kept.text} := {right.text})")
        parts.append(_compared(sign, left, right, names))
        left = kept
    return Code(f"({' and '.join(parts)})", "truth", False, depth=_below(*met))


def _compared(sign: str, left: Code, right: Code, names: Names) -> str:
    if sign in ("in", "not in"):
        word = "among" if sign == "in" else "not among"
        return f"{word}({left.text}, {right.text}, {names.given('moment')})"
    maybe = [code for code in (left, right) if code.null]
    plain = f"{left.text} {sign} {right.text}"
    if left.numeric and right.numeric:
        if not maybe or (sign in ("==", "!=") and len(maybe) == 1):
            return plain
        if left.atom and right.atom and sign not in ("==", "!="):
            return " and ".join([*(f"{code.text} is not None" for code in maybe), plain])
    return f"{COMPARISONS[sign]}({left.text}, {right.text}, {names.given('moment')})"


def _listed(term: Listed, names: Names) -> Code:
    items = [emit(item, names) for item in term.items]
    return Code(listed(item.text for item in items), depth=_below(*items))


def _call(term: Call, names: Names) -> Code:
    arguments = [emit(argument, names) for argument in term.arguments]
    if term.function == "is_null":
        return _is_null(arguments[0])
    if term.function == "ratio" and all(argument.atom for argument in arguments[2:]):
        return _ratio(arguments, names)
    function = FUNCTIONS[term.function]
    texts = [*map(names.given, function.given), *(argument.text for argument in arguments)]
    text = f"f_{term.function}({', '.join(texts)})"
    return Code(text, function.kind, True, depth=_below(*arguments))


def _is_null(value: Code) -> Code:
    if value.atom and not value.null:
        return Code("False", "truth", False, True)
    return Code(f"({value.text} is None)", "truth", False, depth=_below(value))


def _ratio(arguments: list[Code], names: Names) -> Code:
    """Numbers that divide need no call; a default must be at hand, since it stands in both."""
    above, below, default = [*arguments, NULL][:3]
    text = f"f_ratio({above.text}, {below.text}, {default.text})"
    if above.atom and below.atom:
        name = names.writer.name("t")
        fits = f"{above.text}.__class__ is {below.text}.__class__ is Decimal"
        found = f"({name} := {above.text} / {below.text}).is_finite()"
        text = f"({name} if {fits} and {found} else {text})"
    kind = joined(default, Code("", "decimal"))
    return Code(text, kind, default.null, depth=_below(above, below) + 2)


def _below(*codes: Code) -> int:
    return 1 + max((code.depth for code in codes), default=0)


PLAIN = frozenset({"+", "-", "*"})
"""Signs that give a number for any two numbers, unless it is too large."""

OPERATIONS: Mapping[str, str] = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "quotient",
    "**": "power",
}
COMPARISONS: Mapping[str, str] = {
    "==": "equal",
    "!=": "unequal",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
}
TERMS: Mapping[type, Callable[[Any, Names], Code]] = {
    Literal: _literal,
    Name: _name,
    PointsOf: _points,
    Operation: _operation,
    Signed: _signed,
    Not: _not,
    Logic: _logic,
    Choice: _choice,
    Comparison: _comparison,
    Listed: _listed,
    Call: _call,
}
