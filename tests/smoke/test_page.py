"""The page about the first live organisation has a row for every question."""

from __future__ import annotations

import re
from pathlib import Path

from gradesys.smoke import QUESTIONS

PAGE = Path(__file__).parents[2] / "docs" / "first-live-org.md"


def test_the_page_says_what_happens_when_an_answer_is_no() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == [question.name for question in QUESTIONS]
    assert all(len(text) > 10 for _, text in rows)
