"""Packs speak English and Persian alike: every title, every advice, every grade."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from gradesys.rules.model import RuleModel, Title
from tests.packs.shipped import NAMES, examined, models

PERSIAN = re.compile("[آ-ی]")
LATIN = re.compile("[A-Za-z]")
ARABIC_LETTERS = re.compile("[يكى]")
MODELS = models()


def texts(model: RuleModel) -> Iterator[tuple[str, Title | None]]:
    """Every text that a pack must have, by what it belongs to."""
    yield "title", model.title
    for name, indicator in model.indicators.items():
        yield f"{name} title", indicator.title
        if indicator.scored:
            yield f"{name} advice", indicator.advice
    for band in model.grades.bands if model.grades else ():
        yield f"grade {band.grade}", band.title
    yield from _advice_of_bands(model)


def _advice_of_bands(model: RuleModel) -> Iterator[tuple[str, Title | None]]:
    """A grade that only says that nothing is known has no advice."""
    assert model.grades is not None
    for band in model.grades.bands:
        if band.advice is not None or band.grade != model.grades.unknown:
            yield f"advice of {band.grade}", band.advice


def test_every_file_is_a_pack_of_its_own_name() -> None:
    assert set(MODELS) == set(NAMES)


def test_no_pack_has_a_finding() -> None:
    assert examined().errors == ()
    assert examined().warnings == ()


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_text_is_there_in_both_languages(model: RuleModel) -> None:
    for what, text in texts(model):
        assert text is not None, what
        assert text.en is not None and LATIN.search(text.en), what
        assert not PERSIAN.search(text.en), what
        persian = text.fa or ""
        assert PERSIAN.search(persian) or persian.isdecimal(), what
        assert not ARABIC_LETTERS.search(persian), what


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_grades_are_told_apart_in_both_languages_and_by_colour(model: RuleModel) -> None:
    assert model.grades is not None
    bands = model.grades.bands
    for language in ("en", "fa"):
        assert len({getattr(band.title, language) for band in bands}) == len(bands)
    assert all(band.color for band in bands)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_pack_stores_how_its_score_came_about(model: RuleModel) -> None:
    stored = set(model.output.columns)
    assert stored >= {"score", "grade", "explanation", "scored_on", "state", "model_version"}
    reasons = [each.reason for each in model.indicators.values() if each.reason]
    assert ("reasons" in stored) == (model.reasons is not None) == bool(reasons)
    assert len(set(reasons)) == len(reasons)
