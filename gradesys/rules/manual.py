"""A grade that a user typed, and the lock (rules.md section 6, steps 17 and 18)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from gradesys.errors import RecordError
from gradesys.records import Column, Kind, Row, Schema
from gradesys.rules.arithmetic import Note
from gradesys.rules.choices import grade_options
from gradesys.rules.clock import Moment
from gradesys.rules.grades import CompiledGrades
from gradesys.rules.model import RuleModel
from gradesys.rules.state import Grade


class CompiledManual(Struct, frozen=True):
    """``meanings``: what the grade column may hold -> the grade it stands for."""

    grade_column: str
    until_column: str | None
    meanings: Mapping[Grade, Grade] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the scored row."""
        return tuple(name for name in (self.grade_column, self.until_column) if name is not None)


def compile_manual(
    model: RuleModel, grades: CompiledGrades | None, schema: Schema | None
) -> CompiledManual | None:
    """Grades by their exact text or integer, a band's ``value``, and matching choice labels."""
    if model.manual is None or grades is None:
        return None
    column = _choice(schema, model.table, model.manual.grade_column)
    meanings: dict[Grade, Grade] = {grade: grade for grade in grades.names}
    if column is not None:
        options = grade_options(grades.node, column)
        meanings |= {option: grade for grade, option in options.items()}
    meanings |= {band.value: band.grade for band in grades.node.bands if band.value is not None}
    return CompiledManual(model.manual.grade_column, model.manual.until_column, meanings)


def manual_grade(manual: CompiledManual, row: Row, moment: Moment, note: Note) -> Grade | None:
    """The typed grade while it is valid; text that is no grade is ignored with a note."""
    typed = row.get(manual.grade_column)
    if typed is None or not _is_valid(manual, row, moment):
        return None
    grade = manual.meanings.get(typed) if isinstance(typed, str | Decimal) else None
    if grade is None:
        note("the manual grade is not one of the model's grades and is ignored")
    return grade


def is_locked(column: str | None, row: Row) -> bool:
    """True when the lock column says yes. Raises RecordError when it is no yes/no column."""
    value = None if column is None else row.get(column)
    if value is None or isinstance(value, bool):
        return value is True
    raise RecordError(f"{column} must be true or false to lock a grade")


def _is_valid(manual: CompiledManual, row: Row, moment: Moment) -> bool:
    column = manual.until_column
    until = None if column is None else moment.local_date(row.get(column))
    return until is None or moment.today <= until


def _choice(schema: Schema | None, table: str, name: str) -> Column | None:
    if schema is None or table not in schema:
        return None
    column = schema[table].columns.get(name)
    return column if column is not None and column.kind is Kind.CHOICE else None
