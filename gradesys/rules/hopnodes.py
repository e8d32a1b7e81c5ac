"""The ways an aggregate can reach its rows, as types: hops and the hierarchy (rules.md 3.2)."""

from decimal import Decimal
from typing import Annotated, Any

from gradesys.rules.complaints import near_first_key
from gradesys.rules.kinds import NOT_EMPTY, Refusal, Told
from gradesys.rules.nodes import Filter, Node


class ChildHop(Node, frozen=True, kw_only=True):
    """Rows of a table whose lookup points here."""

    child: str
    lookup: str
    filter: Filter | None = None


class ParentHop(Node, frozen=True, kw_only=True):
    """The row that this row's lookup points to; nothing when it is of another table."""

    parent: str
    lookup: str
    filter: Filter | None = None


class ManyHop(Node, frozen=True, kw_only=True):
    """Rows at the other end of N:N links: ``near`` holds our id, ``far`` theirs."""

    many: str
    intersect: str
    near: str
    far: str
    filter: Filter | None = None


class Hierarchy(Node, frozen=True, kw_only=True):
    """Start from the scored row and its descendants, ``depth`` levels down (absent: all)."""

    lookup: str
    depth: Decimal | None = None
    include_self: bool = True


HOPS: dict[str, type[Node]] = {"child": ChildHop, "parent": ParentHop, "many": ManyHop}
"""The key that tells the kind of a hop."""


def _kind_of_hop(value: Any) -> Any:
    keys = value if isinstance(value, dict) else ()
    return next((hop for key, hop in HOPS.items() if key in keys), None)


def _no_hop(value: Any) -> Refusal:
    keys = sorted(HOPS)
    return (), f"a hop is a map with one of {', '.join(keys)}{near_first_key(value, keys)}"


Hop = Annotated[ChildHop | ParentHop | ManyHop, Told(_kind_of_hop, _no_hop)]
"""One step from a row towards the rows that count."""
Path = Annotated[tuple[Hop, ...], NOT_EMPTY]
"""Hops from the scored row outward; the last one ends at the table of the aggregate."""
