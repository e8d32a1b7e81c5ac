"""The pictures of the admin's guide, taken of the emulator's own page in both languages.

``python -m tests.demo.pictures`` takes them anew into docs/pictures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from emulator.sample import Sizes, sample_org
from gradesys.demo.packs import active_models
from tests.demo.chromium import launched
from tests.line.packed import packed
from tests.line.running import Line

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST = 100_000
"""Bytes of a picture."""
SIZE = ViewportSize(width=1000, height=600)
ACCOUNTS = 40
GRADED = "accounts?$select=accountid&$filter=gs_score gt 50 and gs_score lt 80&$orderby=name"
LANGUAGES = ("en", "fa")


def _list(page: Page, line: Line, lang: str) -> None:
    page.goto(f"{line.url}/#/customer_grade")
    page.wait_for_selector("tbody .chip")


def _form(page: Page, line: Line, lang: str) -> None:
    """The card of a customer with a name of the language: Persian names are sorted last."""
    row = line.rows(GRADED)[-1 if lang == "fa" else 0]
    page.goto(f"{line.url}/#/customer_grade/{row['accountid']}")
    page.wait_for_selector(".form-note")
    page.locator(".gs-card summary").click()
    page.wait_for_selector(".gs-card details[open]")


PICTURES: dict[str, Callable[[Page, Line, str], None]] = {"list": _list, "form": _form}


def take(browser: Browser, line: Line, folder: Path) -> list[Path]:
    """Every picture in both languages."""
    found = []
    for lang in LANGUAGES:
        for name, show in PICTURES.items():
            with _opened(browser, lang) as page:
                show(page, line, lang)
                page.wait_for_load_state("networkidle")
                file = folder / f"{name}.{lang}.png"
                page.screenshot(path=file, animations="disabled")
                found.append(file)
    return found


@contextmanager
def _opened(browser: Browser, lang: str) -> Iterator[Page]:
    context = browser.new_context(locale="en-US", viewport=SIZE)
    context.add_init_script(f"localStorage.setItem('language', '{lang}')")
    yield context.new_page()
    context.close()


def main() -> None:
    """Take them into the guide's folder."""
    FOLDER.mkdir(exist_ok=True)
    org = sample_org(datetime.now(UTC), Sizes.of(ACCOUNTS))
    with (
        tempfile.TemporaryDirectory() as folder,
        packed(active_models(), org, Path(folder)) as line,
        launched() as browser,
    ):
        for file in take(browser, line, FOLDER):
            print(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
