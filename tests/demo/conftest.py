"""A small org with everything running, and a browser that reports what is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from emulator.sample import Sizes, sample_org
from gradesys.demo.packs import active_models
from tests.line.packed import packed
from tests.line.running import Line
from tests.packs.shipped import models

ACCOUNTS = 80


@dataclass
class Visit:
    """A page that was opened, and what its console and its requests showed."""

    page: Page
    line: Line
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, address: str = "") -> Page:
        """Go to an address of the page."""
        self.page.goto(f"{self.line.url}/{address}")
        return self.page

    def watch(self) -> None:
        """Collect console errors, exceptions, and requests of another origin."""
        page, own = self.page, (f"{self.line.url}/", "data:")
        page.on("console", lambda said: self.errors.append(said.text) if _bad(said.type) else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(own) else self.elsewhere.append(asked.url),
        )


def _bad(kind: str) -> bool:
    return kind in {"error", "warning"}


@pytest.fixture(scope="package")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The demo's own two models, and the pack on custom tables."""
    org = sample_org(datetime.now(UTC), Sizes.of(ACCOUNTS))
    shown = (*active_models(), models()["project_progress"])
    with packed(shown, org, tmp_path_factory.mktemp("demo")) as line:
        yield line


@pytest.fixture
def visit(line: Line, browser: Browser) -> Iterator[Visit]:
    """A fresh visitor of the demo's own rules."""
    yield from visiting(line, browser)


def visiting(line: Line, browser: Browser) -> Iterator[Visit]:
    """A visitor; at the end the console must be clean and no request have left the origin."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    visit = Visit(context.new_page(), line)
    visit.page.set_default_timeout(15_000)
    visit.watch()
    yield visit
    context.close()
    assert visit.errors == []
    assert visit.elsewhere == []
