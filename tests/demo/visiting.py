"""A page that is visited in a browser, and what is not there as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from tests.line.running import Line


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
