"""What concerns the whole suite: its logs are kept, to be searched for what no log may tell, and
files that take long are begun first, so that no worker is left alone with one at the end."""

from __future__ import annotations

import pytest

from tests import canary


def pytest_configure() -> None:
    """In every process that runs tests, before any of them."""
    canary.collect()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of tests that are marked so come before all others."""
    lengthy = {item.path for item in items if item.get_closest_marker("first")}
    items.sort(key=lambda item: item.path not in lengthy)
