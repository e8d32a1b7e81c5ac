"""A whole resync in several ways: equal outcomes, and nobody is passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import data, resync
from bench.data import Pages, Size, pages_of
from bench.org import scopes_of
from bench.resync import LIMIT, OURS, UnequalError, compare, lines, must_agree
from bench.variants import naive, ours
from bench.variants.outcome import Outcome, expected, outcome
from gradesys.resync.plan import PARTITION_ROWS

SIZE = Size(80, 900, 150)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return pages_of(tmp_path_factory.mktemp("pages"), SIZE)


@pytest.fixture
def ranges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """Accounts in three ranges of pages of their own."""
    monkeypatch.setattr(data, "RANGE_ROWS", 30)
    return pages_of(tmp_path, SIZE)


def test_an_outcome_adds_up_scores_grades_and_changes() -> None:
    results = [(7_000, "A", True), (3_050, "C", False), (3_000, "C", True)]
    assert outcome(results) == Outcome(13_050, {"A": 1, "C": 2}, 2)


def test_the_product_finds_what_plain_arithmetic_does(pages: Pages) -> None:
    assert ours.told(ours.run(pages), pages) == expected(pages)


def test_a_range_is_as_large_as_a_partition() -> None:
    assert data.RANGE_ROWS == PARTITION_ROWS


def test_so_it_does_range_by_range(ranges: Pages) -> None:
    assert len(scopes_of(ranges)) == len(ranges.lengths["invoice"]) == 3
    assert ours.told(ours.run(ranges), ranges) == expected(ranges)


def test_so_do_dicts_and_floats_once_rounded(pages: Pages, ranges: Pages) -> None:
    assert naive.run(pages) == expected(pages)
    assert naive.run(ranges) == expected(ranges)


@pytest.mark.parametrize("spoilt", [{"hundredths": 1}, {"grades": {"A": 80}}, {"changed": 0}])
def test_another_outcome_is_an_error(pages: Pages, spoilt: dict[str, object]) -> None:
    right = expected(pages)._asdict()
    must_agree(pages, {OURS: right, LIMIT: None})
    with pytest.raises(UnequalError, match="json and dicts"):
        must_agree(pages, {OURS: right, "json and dicts": right | spoilt})


def test_a_variant_whose_package_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(resync, "FOLDER", tmp_path)
    monkeypatch.setitem(resync.VARIANTS, "another engine", ("no_such", ("no_such_package",)))
    found = compare(SIZE, 1, (OURS, "another engine"))
    assert found.missing == ["another engine: no_such_package not installed"]
    assert lines(found)[-1] == f"SKIPPED {found.missing[0]}"
    assert found.figures[OURS].peak_mb > 10
