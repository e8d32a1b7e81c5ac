"""The ways an aggregate can reach its rows, as types: hops and the hierarchy (rules.md 3.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from gradesys.rules.nodes import Filter, Listed, Node


class ChildHop(Node):
    """Rows of a table whose lookup points here."""

    child: str
    lookup: str
    filter: Filter | None = None


class ParentHop(Node):
    """The row that this row's lookup points to; nothing when it is of another table."""

    parent: str
    lookup: str
    filter: Filter | None = None


class ManyHop(Node):
    """Rows at the other end of N:N links: ``near`` holds our id, ``far`` theirs."""

    many: str
    intersect: str
    near: str
    far: str
    filter: Filter | None = None


class Hierarchy(Node):
    """Start from the scored row and its descendants, ``depth`` levels down (absent: all)."""

    lookup: str
    depth: Decimal | None = None
    include_self: bool = True


HOP_KEYS = {"<child>": "child", "<parent>": "parent", "<many>": "many"}
"""Tag of a hop -> the key that tells its kind."""


def hop_tag(value: Any) -> str | None:
    """The kind of a hop's map (or node) as a tag; None: no known kind."""
    keys = value if isinstance(value, dict) else vars(value) if isinstance(value, Node) else ()
    return next((tag for tag, key in HOP_KEYS.items() if key in keys), None)


Hop = Annotated[
    Annotated[ChildHop, Tag("<child>")]
    | Annotated[ParentHop, Tag("<parent>")]
    | Annotated[ManyHop, Tag("<many>")],
    Discriminator(hop_tag),
]
"""One step from a row towards the rows that count."""
Path = Annotated[tuple[Hop, ...], Listed, Field(min_length=1)]
"""Hops from the scored row outward; the last one ends at the table of the aggregate."""
