"""The browser of the system, without a window."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking")


def launch(playwright: Playwright) -> Browser:
    """Chromium. Raises LookupError where none is installed."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise LookupError(f"none of {', '.join(BROWSERS)} is installed")
    return playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
