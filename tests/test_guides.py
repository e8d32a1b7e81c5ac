"""The admin's guide says the same in both languages: steps, commands, links and pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
ENGLISH, PERSIAN = (
    (DOCS / name).read_text(encoding="utf-8") for name in ("admin-guide.md", "admin-guide.fa.md")
)


def headings(text: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]


def commands(text: str) -> list[str]:
    found = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).splitlines()
    return [line.replace(" --lang fa", "") for line in found]


def rules(text: str) -> list[str]:
    found = "".join(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)).splitlines()
    return [line.partition(" #")[0].rstrip() for line in found]


def links(text: str) -> list[str]:
    found = re.findall(r"\]\(([^)]+)\)", text)
    return sorted(each.replace(".fa.", ".").replace(".en.", ".") for each in found)


def names(text: str) -> set[str]:
    """What is spelled the same in every language."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


@pytest.mark.parametrize("part", [headings, commands, rules, links, names])
def test_the_twins_agree(part: Callable[[str], object]) -> None:
    assert part(PERSIAN) == part(ENGLISH)


def test_the_persian_guide_is_written_from_right_to_left() -> None:
    opened, closed = PERSIAN.count('<div dir="rtl">'), PERSIAN.count("</div>")
    code = len(re.findall(r"^```\w", PERSIAN, re.MULTILINE))
    assert opened == closed == code + 1


@pytest.mark.parametrize("text", [ENGLISH, PERSIAN])
def test_every_link_leads_somewhere(text: str) -> None:
    found = [each.partition("#")[0] for each in re.findall(r"\]\(([^)]+)\)", text)]
    assert [each for each in found if not (DOCS / each).is_file()] == []
