"""Which option of a choice column stands for which grade (rules.md section 12, grade bands)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gradesys.records import Column
from gradesys.rules.model import GradeBand, Grades
from gradesys.rules.state import Grade


def grade_options(grades: Grades | None, column: Column) -> Mapping[Grade, Decimal]:
    """Grade -> option value: the band's ``value``, else an integer grade that is an option itself,
    else the option with a label like title.en, title.fa or the grade's text. Grades without an
    option are left out."""
    found = {grade: _option(grade, band, column) for grade, band in _shown(grades)}
    return {grade: option for grade, option in found.items() if option is not None}


def word_options(column: Column) -> Mapping[Grade, Decimal]:
    """Label in any language, casefolded -> option value."""
    return {
        label.casefold(): Decimal(option.value)
        for option in column.options
        for label in option.labels.values()
    }


def _shown(grades: Grades | None) -> Iterator[tuple[Grade, GradeBand | None]]:
    if grades is None:
        return
    others = (grades.unknown, *(rule.set for rule in grades.rules))
    yield from ((grade, None) for grade in others if grade is not None)
    yield from ((band.grade, band) for band in grades.bands)


def _option(grade: Grade, band: GradeBand | None, column: Column) -> Decimal | None:
    if band is not None and band.value is not None:
        return band.value
    if isinstance(grade, Decimal) and any(option.value == grade for option in column.options):
        return grade
    title = None if band is None else band.title
    labels = (str(grade), *(() if title is None else (title.en, title.fa)))
    matching = (
        Decimal(option.value)
        for option in column.options
        if not set(option.labels.values()).isdisjoint(labels)
    )
    return next(matching, None)
