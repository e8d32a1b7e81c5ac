"""A small org with everything running, for all files of this folder: it takes long to be made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

import pytest
from playwright.sync_api import Browser

from emulator.sample import Sizes, sample_org
from gradesys.demo.packs import active_models
from tests.demo.chromium import launched
from tests.demo.visiting import Visit, visiting
from tests.line.packed import packed
from tests.line.running import Line
from tests.packs.shipped import models

ACCOUNTS = 80
READER = str(uuid5(NAMESPACE_OID, "reader"))
USERS = {
    "roles": {"Reader": {"tables": {"*": ["read"]}}},
    "users": [{"applicationid": READER, "name": "Reader", "roles": ["Reader"]}],
}


@pytest.fixture(scope="package")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The demo's own two models, the pack on custom tables, and a user who may read only."""
    folder = tmp_path_factory.mktemp("demo")
    users = folder / "users.json"
    users.write_text(json.dumps(USERS), encoding="utf-8")
    org = sample_org(datetime.now(UTC), Sizes.of(ACCOUNTS))
    shown = (*active_models(), models()["project_progress"])
    with packed(shown, org, folder, "--users", str(users)) as line:
        yield line


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all files, too: nothing in this folder runs an event loop."""
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(line: Line, browser: Browser) -> Iterator[Visit]:
    """A fresh visitor of the demo's own rules."""
    yield from visiting(line, browser)
