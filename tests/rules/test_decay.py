"""Factors of age (rules.md 3.2): rounded half up to 12 places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gradesys.errors import RuleError
from gradesys.rules.decay import compile_decay
from gradesys.rules.model import Decay
from tests.rules.invoices import day

D = Decimal


@pytest.mark.parametrize(
    ("decay", "due", "factor"),
    [
        ({"half_life": "30 days"}, "2026-06-15", "1"),
        ({"half_life": "30 days"}, "2026-07-15", "1"),
        ({"half_life": "30 days"}, "2026-05-16", "0.5"),
        ({"half_life": "30 days"}, "2026-05-31", "0.707106781187"),
        ({"half_life": "2 weeks"}, "2026-06-01", "0.5"),
        ({"half_life": "1 day"}, "2025-06-15", "0"),
        ({"every": "60 days", "rate": D("0.5")}, "2026-01-31", "0.25"),
        ({"every": "60 days", "rate": D("0.5")}, "2026-04-17", "1"),
        ({"every": "60 days", "rate": D(1)}, "2026-04-17", "1"),
        ({"every": "60 days", "rate": D(1)}, "2026-04-16", "0"),
        ({"every": "60 days", "rate": D(0)}, "2020-04-16", "1"),
        ({"until": "365 days"}, "2026-06-14", "0.997260273973"),
        ({"until": "10 days"}, "2026-06-05", "0"),
        ({"until": "10 days"}, "2026-01-01", "0"),
    ],
)
def test_a_row_counts_less_as_it_ages(decay: dict[str, Any], due: str, factor: str) -> None:
    weigh = compile_decay(Decay(date="due", **decay))
    assert weigh(day(due), day("2026-06-15")) == D(factor)


def test_a_row_without_a_date_does_not_count() -> None:
    weigh = compile_decay(Decay(date="due", half_life="30 days"))
    assert weigh(None, day("2026-06-15")) == 0


@pytest.mark.parametrize(
    ("decay", "problem"),
    [
        ({}, "exactly one of half_life, every, until is needed"),
        ({"half_life": "3 days", "until": "3 days"}, "exactly one of"),
        ({"every": "3 days"}, "rate belongs to every"),
        ({"until": "3 days", "rate": D("0.5")}, "rate belongs to every"),
        ({"half_life": "3 months"}, "half_life: a decay is measured in days or weeks"),
        ({"until": "0 days"}, "until: a decay is measured in days or weeks, at least one"),
        ({"every": "3 dys", "rate": D("0.5")}, "every: unknown unit 'dys'"),
        ({"every": "3 days", "rate": D("1.1")}, "rate: a rate lies between 0 and 1"),
        ({"every": "3 days", "rate": D("-0.1")}, "rate: a rate lies between 0 and 1"),
    ],
)
def test_a_wrong_decay_is_refused_with_its_key(decay: dict[str, Any], problem: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_decay(Decay(date="due", **decay))
    assert str(caught.value).startswith(problem)
