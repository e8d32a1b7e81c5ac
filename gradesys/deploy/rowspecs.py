"""A row that must exist, and the action that brings the stored one to it.

Publisher, solution, endpoints, steps, images and the Custom API are all rows: one comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gradesys.deploy.actions import (
    EXISTING,
    IN_SOLUTION,
    Action,
    ActionKind,
    Call,
    leave,
    refuse,
)
from gradesys.deploy.reading import Found

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A lookup: the property that reads it, the navigation that binds it, and what it points to.

    ``id`` None: the id of the message ``message``, which does not exist before apply.
    """

    column: str
    navigation: str
    entity_set: str
    id: str | None
    message: str = ""

    @property
    def bind(self) -> dict[str, str]:
        """The member of a body; empty while the id is unknown."""
        if self.id is None:
            return {}
        return {f"{self.navigation}@odata.bind": f"/{self.entity_set}({self.id})"}


@dataclass(frozen=True, slots=True)
class RowSpec:
    """``values`` are compared, and sent where they differ; those in ``fixed`` cannot be changed.

    ``initial`` is sent on creation only, ``changing`` with every change only, ``kept`` is compared
    and never sent.
    """

    entity_set: str
    key: str
    id: str
    what: str
    values: Values
    links: tuple[Link, ...] = ()
    fixed: frozenset[str] = frozenset()
    initial: Values = field(default_factory=dict, repr=False)
    changing: Values = field(default_factory=dict, repr=False)
    kept: Values = field(default_factory=dict)
    in_solution: bool = True


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
    if fixed:
        why = f"{', '.join(fixed)} differ and cannot be changed; run deploy remove first"
        return refuse(spec.what, why)
    binds = {name: path for link in links for name, path in link.bind.items()}
    path = f"{spec.entity_set}({spec.id})"
    change = Call("PATCH", path, {**values, **spec.changing, **binds}, EXISTING)
    return Action(ActionKind.CHANGE, spec.what, ", ".join(differing), (change,))


def _creation(spec: RowSpec) -> Call:
    binds = {name: path for link in spec.links for name, path in link.bind.items()}
    body = {spec.key: spec.id, **spec.values, **spec.initial, **binds}
    waiting = next((link.message for link in spec.links if link.id is None), "")
    return Call("POST", spec.entity_set, body, IN_SOLUTION if spec.in_solution else {}, waiting)
