"""What concerns the whole suite: its logs are kept, to be searched for what no log may tell, and
files that take long are begun first, so that no worker is left alone with one at the end."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser
from xdist.remote import Producer

from tests import canary
from tests.demo.chromium import launched
from tests.scheduling import Scheduling


def pytest_configure() -> None:
    """In every process that runs tests, before any of them."""
    canary.collect()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected lives to the end: to look through it for what is dead takes a fifth of the
    time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of tests that are marked so come before all others."""
    lengthy = {item.path for item in items if item.get_closest_marker("first")}
    items.sort(key=lambda item: item.path not in lengthy)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """In the process that hands tests out."""
    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system, without a window; while it is open, nothing else in this process may
    run an event loop, so no file leaves it to the next."""
    with launched() as browser:
        yield browser
