"""A small sample org, for tests that need few rows."""

from __future__ import annotations

from datetime import UTC, datetime

from emulator.sample import Sizes, sample_org
from tests.canary import AMOUNT, NAME
from tests.line.running import Json


def small_sample(accounts: int = 150) -> dict[str, list[Json]]:
    """A small sample org without cases, and in it the canaries."""
    org = sample_org(datetime.now(UTC), Sizes.of(accounts))
    for row in org["invoice"][:3]:
        row.update(name=NAME, totalamount=float(AMOUNT))
    del org["incident"]
    return org
