"""Reason codes: what costs a record the most points (rules.md sections 5 and 15.5)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

Gap = tuple[str, Decimal]
"""A reason, and what its indicator lacks to its baseline, times its weight; above zero."""


def reason_codes(gaps: Iterable[Gap], count: int | None) -> tuple[str, ...]:
    """Largest gap first, ties as declared; each code once; at most ``count``."""
    found = sorted(gaps, key=lambda gap: gap[1], reverse=True)
    codes = tuple(dict.fromkeys(reason for reason, _ in found))
    return codes if count is None else codes[:count]
