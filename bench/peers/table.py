"""Who takes part in the race of one record; whoever is not installed is named, never passed over
in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from bench.peers.card import Card
from bench.peers.peer import Peer

ADAPTERS = (
    *("ours", "byhand", "zen_engine", "cel_cpp", "cel_rust", "json_logic_tree"),
    "rule_engine_rule",
)


def gather(card: Card, adapters: Iterable[str] = ADAPTERS) -> tuple[list[Peer], list[str]]:
    """The peers, and a line for each adapter whose package is missing."""
    found: list[Peer] = []
    missing: list[str] = []
    for name in adapters:
        try:
            module = import_module(f"bench.peers.{name}")
        except ModuleNotFoundError as error:
            missing.append(f"{name}: {error.name} is not installed")
        else:
            found += module.peers(card)
    return found, missing
