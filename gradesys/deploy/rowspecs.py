"""A row that must exist, and the action that brings the stored one to it.

Publisher, solution, endpoints, steps, images and the Custom API are all rows: one comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct, field

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import (
    EXISTING,
    IN_SOLUTION,
    Action,
    ActionKind,
    Call,
    Late,
    leave,
    refuse,
)
from gradesys.deploy.reading import Found

Values = Mapping[str, Any]


class Link(Struct, frozen=True):
    """A lookup: the property that reads it, the navigation that binds it, and what it points to.

    ``id`` None: the row does not exist before apply; ``late`` finds its id then.
    """

    column: str
    navigation: str
    entity_set: str
    id: str | None
    late: Callable[[Client], str] | None = None

    def bind(self, client: Client | None = None) -> dict[str, str]:
        """The member of a body; empty while the id is unknown and there is nobody to ask."""
        late = self.late(client) if self.id is None and self.late and client else None
        id_ = self.id or late
        return {f"{self.navigation}@odata.bind": f"/{self.entity_set}({id_})"} if id_ else {}


class RowSpec(Struct, frozen=True):
    """``values`` are compared, and sent where they differ; those in ``fixed`` cannot be changed.

    ``initial`` is sent on creation only, ``changing`` with every change only, ``kept`` is compared
    and never sent, ``late`` reads what is not known before apply. ``loss``: what is lost where the
    organisation refuses the row. A ``replaced`` row is made anew where a fixed value differs.
    """

    entity_set: str
    key: str
    id: str
    what: str
    values: Values
    links: tuple[Link, ...] = ()
    fixed: frozenset[str] = frozenset()
    initial: Values = field(default_factory=dict)
    changing: Values = field(default_factory=dict)
    kept: Values = field(default_factory=dict)
    in_solution: bool = True
    loss: str = ""
    late: Late | None = None
    replaced: bool = False

    def __repr__(self) -> str:
        return f"RowSpec({self.what})"  # its values may be secret


def row_action(spec: RowSpec, stored: Found | None) -> Action:
    """Create the row, change it, leave it, or refuse where a fixed value differs."""
    if stored is None:
        return Action(ActionKind.CREATE, spec.what, calls=(_creation(spec),))
    values = {name: value for name, value in spec.values.items() if stored.get(name) != value}
    links = [link for link in spec.links if stored.get(link.column) != link.id]
    kept = [name for name, value in spec.kept.items() if stored.get(name) != value]
    differing = [*values, *(link.column for link in links), *kept]
    if not differing:
        return leave(spec.what)
    fixed = [name for name in differing if name in spec.fixed]
    path = f"{spec.entity_set}({spec.id})"
    if fixed and spec.replaced:
        calls = (Call("DELETE", path, loss=spec.loss), _creation(spec))
        return Action(ActionKind.CHANGE, spec.what, f"made anew for its {', '.join(fixed)}", calls)
    if fixed:
        why = f"{', '.join(fixed)} differ and cannot be changed; run deploy remove first"
        return refuse(spec.what, why)
    binds = {name: path for link in links for name, path in link.bind().items()}
    change = Call("PATCH", path, {**values, **spec.changing, **binds}, EXISTING, loss=spec.loss)
    return Action(ActionKind.CHANGE, spec.what, ", ".join(differing), (change,))


def _creation(spec: RowSpec) -> Call:
    binds = {name: path for link in spec.links for name, path in link.bind().items()}
    body = {spec.key: spec.id, **spec.values, **spec.initial, **binds}
    waiting = [link for link in spec.links if link.id is None]
    return Call(
        "POST",
        spec.entity_set,
        body,
        IN_SOLUTION if spec.in_solution else {},
        late=partial(_late_binds, waiting) if waiting else spec.late,
        loss=spec.loss,
    )


def _late_binds(links: Sequence[Link], client: Client) -> Values:
    return {name: path for link in links for name, path in link.bind(client).items()}
