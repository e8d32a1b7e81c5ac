"""The function of a ``row_expression``: names are columns of one row, or params (rules.md 15.2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from gradesys.records import Value
from gradesys.rules.clock import Moment
from gradesys.rules.emit.code import Code
from gradesys.rules.emit.expressions import Names, emit
from gradesys.rules.emit.module import built
from gradesys.rules.emit.writer import Writer
from gradesys.rules.expressions import Expression


class Scope(Protocol):
    """What an expression sees of the row that it is evaluated for."""

    @property
    def moment(self) -> Moment:
        """The clock of the evaluation."""

    def value(self, name: str) -> Value:
        """The value of a bare name."""

    def points(self, name: str) -> Decimal | None:
        """The clamped points of an indicator."""

    def note(self, text: str) -> None:
        """Keep a remark for the explanation."""


def row_function(expression: Expression) -> Callable[[Scope], Value]:
    """What the expression gives for a row; raises RecordError where kinds do not match."""
    writer = Writer()
    names = Names(
        writer,
        lambda name: Code(f"scope.value({name!r})"),
        lambda name: Code(f"scope.points({name!r})", "decimal"),
        "scope.moment",
        "scope.note",
    )
    with writer.block("def value(scope):"):
        writer.comment("", expression.text)
        result = emit(expression.term, names)
        writer.line(f"return {result.text}")
    run: Callable[[Scope], Value] = built(writer, "value").run
    return run
