"""Which worker of a run side by side gets which tests: a file each time, but those of a package
that shares a fixture together, since every worker would make it anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

TESTS = Path(__file__).parent
SHARING = 'scope="package"'


class Scheduling(LoadFileScheduling):
    """``loadfile``, with whole packages where their files share a fixture."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        self._packages = tuple(
            f"{file.parent.relative_to(TESTS.parent).as_posix()}/"
            for file in TESTS.rglob("conftest.py")
            if SHARING in file.read_text(encoding="utf-8")
        )

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((package for package in self._packages if file.startswith(package)), file)
