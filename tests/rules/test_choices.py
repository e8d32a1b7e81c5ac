"""Which option of a choice column stands for which grade (rules.md section 12)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from gradesys.records import Column, Kind, Option
from gradesys.rules.choices import grade_options
from tests.rules.scored import compiled

COLUMN = Column(
    "gs_grade",
    Kind.CHOICE,
    options=(
        Option(1, {1033: "Gold", 1065: "طلا"}),
        Option(2, {1033: "B"}),
        Option(3, {1033: "third"}),
        Option(4, {1033: "Never"}),
    ),
)


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ("bands: [{grade: A, value: 7}]", {"A": 7}),
        ("bands: [{grade: A, title: {en: Gold}}]", {"A": 1}),
        ("bands: [{grade: A, title: {fa: طلا}}, {grade: B}]", {"A": 1, "B": 2}),
        ("bands: [{grade: 3}]", {3: 3}),
        ("bands: [{grade: 9}, {grade: Z}]", {}),
        ("bands: [{grade: B}], unknown: Never", {"B": 2, "Never": 4}),
        ("bands: [{grade: B}], rules: [{if: x > 1, set: third}]", {"B": 2, "third": 3}),
    ],
)
def test_a_grade_is_the_option_of_its_value_its_number_or_its_label(
    grades: str, expected: Mapping[str | int, int]
) -> None:
    model = compiled(f"indicators: {{x: {{type: column, column: x}}}}, grades: {{{grades}}}}}")

    found = grade_options(model.model.grades, COLUMN)

    assert found == {
        Decimal(grade) if isinstance(grade, int) else grade: Decimal(option)
        for grade, option in expected.items()
    }
