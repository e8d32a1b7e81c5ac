"""What concerns the whole suite: its logs are kept, to be searched for what no log may tell."""

from __future__ import annotations

from tests import canary


def pytest_configure() -> None:
    """In every process that runs tests, before any of them."""
    canary.collect()
