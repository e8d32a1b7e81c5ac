"""Partitions of ten rows and writes of three, so that small orgs show what large ones do."""

from __future__ import annotations

import pytest

from gradesys.resync import chunk, plan

ROWS, CHUNK = 10, 3


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the sizes for one test."""
    monkeypatch.setattr(plan, "PARTITION_ROWS", ROWS)
    monkeypatch.setattr(chunk, "CHUNK", CHUNK)
