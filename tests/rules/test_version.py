"""The model version changes with what can move a score or a grade, and with nothing else."""

from __future__ import annotations

import pytest

from gradesys.rules.version import model_version
from tests.rules.org import CUSTOMER_GRADE, source


def version(text: str) -> str:
    return model_version(source(text).model)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: customer_grade", "id: other"),
        ("table: account", "table: account\ntitle: {en: Grade, fa: رتبه}"),
        ("op: sum,", "op: sum, unit: IRR, reason: low, owner: sales, title: {en: Paid},"),
        ("{grade: A, min: 80}", "{grade: A, min: 80.0, color: red, title: {en: Best}}"),
        ("score: gs_score", "score: other"),
        ("score: {min: 0", "reasons: {count: 2}\nscore: {decimals: 2, min: 0.00"),
        ("{statecode: 2}, window: {date: createdon, last: 12 months}",
         "{statecode: 2}, window: {last: 12 months, date: createdon}"),
    ],
)  # fmt: skip
def test_what_cannot_move_a_score_keeps_the_version(old: str, new: str) -> None:
    assert old in CUSTOMER_GRADE
    assert version(CUSTOMER_GRADE.replace(old, new)) == version(CUSTOMER_GRADE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("table: account", "table: contact"),
        ("population: {statecode: 0}", "population: {statecode: '0'}"),
        ("op: sum", "op: max"),
        ("12 months", "13 months"),
        ("{boss: 1}", "{true: 1}"),
        ("{boss: 1}", "{'true': 1}"),
        ("min: 80}", "min: 80, value: 3}"),
        ("grades:", "params: {x: 1}\ngrades:"),
        ("score: {min: 0", "score: {min: 0, base: 1"),
        ("table: account", "table: account\nleave: clear"),
    ],
)
def test_what_can_move_a_score_changes_the_version(old: str, new: str) -> None:
    assert old in CUSTOMER_GRADE
    assert version(CUSTOMER_GRADE.replace(old, new)) != version(CUSTOMER_GRADE)


def test_true_the_flag_and_true_the_text_are_different_rules() -> None:
    flags = (CUSTOMER_GRADE.replace("boss", word) for word in ("true", "'true'", "1", "'1'"))
    assert len({version(text) for text in flags}) == 4


def test_the_version_is_twelve_hex_digits_and_stable() -> None:
    assert version("id: m\ntable: account\noutput: {score: s}") == "cf732a4380e6"
