"""Reason codes: what costs a record the most points (rules.md sections 5 and 15.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """What an indicator lacks to its baseline, times its weight."""

    reason: str
    size: Decimal


def reason_codes(gaps: Iterable[Gap], count: Decimal | None) -> tuple[str, ...]:
    """Positive gaps, largest first, ties as declared; each code once; at most ``count``."""
    found = sorted((gap for gap in gaps if gap.size > 0), key=lambda gap: -gap.size)
    codes = tuple(dict.fromkeys(gap.reason for gap in found))
    return codes if count is None else codes[: int(count)]
