"""What apply once made and the rules no longer name: options, whole columns, rights of the role.

Only on demand, and never what a row still holds: a resync writes the new grades first.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.dataverse.client import Client
from gradesys.deploy.access.planning import role_narrowing
from gradesys.deploy.actions import Action, ActionKind, Call
from gradesys.deploy.columns import read_stored
from gradesys.deploy.inventory import Inventory
from gradesys.deploy.made import Made, holds, made_by_us, removed
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.options import place
from gradesys.deploy.specs import ColumnSpec
from gradesys.records import Option

_HELD = "rows still hold it: run gradesys resync first"


def prunings(
    manifest: Manifest, inventory: Inventory, client: Client, with_data: bool
) -> Iterator[Action]:
    """The removal of everything of ours that the rules do not name."""
    for spec in manifest.columns:
        yield from _options(spec, inventory, client)
    named = {(spec.table, spec.name) for spec in manifest.columns}
    for made in made_by_us(client):
        if made.column and (made.table, made.column) not in named:
            yield removed(client, made, with_data)
    yield from role_narrowing(inventory.roles)


def _options(spec: ColumnSpec, inventory: Inventory, client: Client) -> Iterator[Action]:
    definition = inventory.definitions.get((spec.table, spec.name))
    if definition is None or not spec.options:
        return
    stored = read_stored(definition)
    placed = {item.value for item in place(spec.options, stored.options, stored.memory)}
    known = stored.memory.values() if stored.ours and not stored.shared else ()
    for option in stored.options:
        if option.value in known and option.value not in placed:
            yield _option(spec, option, inventory, client)


def _option(spec: ColumnSpec, option: Option, inventory: Inventory, client: Client) -> Action:
    title = next(iter(option.labels.values()), "")
    what = f"option {title} ({option.value}) of {spec.label}"
    made = Made(spec.table, inventory.tables[spec.table]["EntitySetName"], spec.name)
    if holds(client, made, option.value):
        return Action(ActionKind.LEAVE, what, _HELD)
    body = {
        "EntityLogicalName": spec.table,
        "AttributeLogicalName": spec.name,
        "Value": option.value,
    }
    return Action(ActionKind.REMOVE, what, calls=(Call("POST", "DeleteOptionValue", body),))
