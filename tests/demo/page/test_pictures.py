"""The pictures of the admin's guide can be taken anew, and are small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.demo.pictures import FOLDER, LANGUAGES, LARGEST, PICTURES, take
from tests.line.running import Line

DOCS = FOLDER.parent
PNG = b"\x89PNG"


@pytest.mark.long
@pytest.mark.browser
def test_every_picture_can_be_taken(line: Line, browser: Browser, tmp_path: Path) -> None:
    for file in take(browser, line, tmp_path):
        assert file.read_bytes().startswith(PNG)
        assert 10_000 < file.stat().st_size < LARGEST, (file.name, file.stat().st_size)


def test_each_guide_shows_every_picture_in_its_language() -> None:
    for lang, name in zip(LANGUAGES, ("admin-guide.md", "admin-guide.fa.md"), strict=True):
        shown = re.findall(r"!\[.+?\]\((.+?)\)", (DOCS / name).read_text(encoding="utf-8"))
        assert sorted(shown) == sorted(f"pictures/{each}.{lang}.png" for each in PICTURES)
        for each in shown:
            size = (DOCS / each).stat().st_size
            assert size < LARGEST, (each, size)
