"""Instances with rules of their own on one org and one place of marks."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from gradesys.activation import Ruleset, Standing
from gradesys.engine import Context
from tests.engine.world import CUSTOMERS, ORDERS, MemoryOrg, context_of

OLD = CUSTOMERS
NEW = CUSTOMERS.replace("op: sum", "op: count")
"""One paid invoice over 10: the old rules say 10, the new ones 1."""


def instance(
    org: MemoryOrg, folder: Path, rules: str, stamp: float = 0.0, edited: bool = False
) -> Context:
    """A process with these rules, as it is after a start, or after an edit of its files."""
    context = context_of(org, folder, rules, ORDERS)
    found = Ruleset(context.rulebook.digests, stamp)
    return replace(context, standing=Standing(context.ledger, found, org.clock, edited))
