"""Every broken file of `broken/` is found offline, at the place and with the words it says itself.

The first line of each tells code, places and suggestion: `# GS006 at 11:5; did you mean sum`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradesys.rules.codes import CODES, advised, code_of, meant
from gradesys.rules.rulefiles import examine
from gradesys.rules.sources import files_below

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "config" / "packs"
BROKEN = files_below(Path(__file__).parent / "broken")
EXPECTATION = re.compile(r"# (GS\d{3}) at ([\d:, ]+?)(?:; did you mean (\S+))?")
JARGON = re.compile(r"msgspec|Node|Indicator\b|\$defs|tuple|dict|Decimal|union|None|Traceback")

Finding = tuple[str, str, str | None]
"""Line and column, code, suggestion."""


def expected(file: Path) -> Iterator[Finding]:
    match = EXPECTATION.fullmatch(file.read_text(encoding="utf-8").splitlines()[0])
    assert match is not None, file
    for place in match[2].split(","):
        yield place.strip(), match[1], match[3]


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_file_is_found_at_its_place_with_what_was_meant(file: Path) -> None:
    errors = examine([file], PACKS).errors
    found = [(e.place.removeprefix(f"{file}:"), code_of(e).name, meant(e)) for e in errors]
    assert found == list(expected(file))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_finding_is_one_plain_sentence_that_says_what_to_do(file: Path) -> None:
    for problem in examine([file], PACKS).errors:
        sentence = advised(problem)
        assert ";" in sentence
        assert "\n" not in sentence
        assert len(sentence) < 200
        assert not JARGON.search(sentence)


def test_there_are_at_least_sixty_broken_files() -> None:
    assert len(BROKEN) >= 60


def test_nothing_is_found_in_the_packs() -> None:
    examined = examine(files_below(PACKS), PACKS)
    assert (examined.errors, examined.warnings) == ((), ())


def test_no_two_kinds_share_a_code() -> None:
    names = [code.name for code in CODES]
    assert len(set(names)) == len(names)


@pytest.mark.alone
def test_fifty_files_are_validated_in_less_than_six_tenths_of_a_second(tmp_path: Path) -> None:
    good = [file for file in files_below(PACKS) if "tests" not in file.parts]
    for number in range(50):
        text = good[number % len(good)].read_text(encoding="utf-8")
        renamed = re.sub(r"^id: .*$", f"id: model_{number}", text, flags=re.MULTILINE)
        (tmp_path / f"{number}.yaml").write_text(renamed, encoding="utf-8")
    files = files_below(tmp_path)
    times = []
    for _ in range(3):
        start = time.process_time()
        examined = examine(files, PACKS)
        times.append(time.process_time() - start)
    assert len(examined.sources) == 50
    assert min(times) < 0.6, times


def test_every_code_is_documented_with_its_remedy() -> None:
    text = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| GS")]
    told = sorted(f"| {code.name} | {code.about} | {code.remedy} |" for code in CODES)
    assert rows == told


def test_every_code_that_needs_no_organisation_has_a_broken_file_or_a_warning() -> None:
    shown = {code for file in BROKEN for _, code, _ in expected(file)}
    online = {"GS043", "GS044", "GS045", "GS052", "GS053", "GS055"}
    warnings, environment, cases = {"GS050", "GS051", "GS054"}, {"GS035"}, {"GS036"}
    assert {code.name for code in CODES} == shown | online | warnings | environment | cases
