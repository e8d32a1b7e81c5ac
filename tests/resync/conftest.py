"""Partitions of ten rows and writes of three, one after the other, so that small orgs show what
large ones do, and show it each time."""

from __future__ import annotations

import pytest

from gradesys.resync import plan, share

ROWS, CHUNK = 10, 3


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the sizes for one test."""
    monkeypatch.setattr(plan, "PARTITION_ROWS", ROWS)
    monkeypatch.setattr(share, "AT_RISK", CHUNK)
    monkeypatch.setattr(share, "AT_ONCE", 1)
