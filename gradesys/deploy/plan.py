"""The difference between what must exist and what an organisation holds, in the order of work.

Columns come before the endpoints and steps that would report changes for them; the plan is what
apply carries out, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.dataverse.client import Client
from gradesys.deploy.access.planning import role_actions
from gradesys.deploy.access.secrecy import secrecy_actions
from gradesys.deploy.actions import EXISTING, IN_SOLUTION, Action, ActionKind, Call, refuse
from gradesys.deploy.columns import column_action, read_stored
from gradesys.deploy.definitions import table_definition
from gradesys.deploy.inventory import Inventory, Registry, take_inventory
from gradesys.deploy.listening import step_actions
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.names import SOLUTION
from gradesys.deploy.options import place
from gradesys.deploy.owntables import TableSpec
from gradesys.deploy.pruning import prunings
from gradesys.deploy.publishing import publishing, writes
from gradesys.deploy.registration import UNPUBLISHED, api_rows, endpoint_row, solution_rows
from gradesys.deploy.rowspecs import RowSpec, row_action
from gradesys.deploy.specs import ColumnSpec
from gradesys.deploy.surface.controls import control_actions
from gradesys.deploy.surface.planning import (
    button_actions,
    exhibit_actions,
    variable_actions,
    web_resource_actions,
)
from gradesys.deploy.tracking import tracking_actions


def plan(manifest: Manifest, client: Client) -> tuple[Action, ...]:
    """What apply would do, also on an empty organisation. Reads only."""
    return compare(manifest, take_inventory(manifest, client))


def plan_pruning(manifest: Manifest, client: Client, with_data: bool) -> tuple[Action, ...]:
    """The same, and away with what the rules no longer name."""
    inventory = take_inventory(manifest, client)
    return (
        *compare(manifest, inventory),
        *prunings(manifest, inventory, client, with_data),
    )


def compare(manifest: Manifest, inventory: Inventory) -> tuple[Action, ...]:
    """The plan for what an inventory found."""
    metadata, registry = tuple(_metadata(manifest, inventory)), inventory.registry
    shown = tuple(_shown(manifest, inventory))
    written = (*metadata, *shown)
    return (
        *_rows(solution_rows(registry), registry),
        *_announcement(written, registry),
        *metadata,
        *_rows(api_rows(manifest, registry), registry),
        *listening_actions(manifest, registry),
        *variable_actions(manifest, inventory),
        *_access(manifest, inventory),
        *shown,
        *publishing(manifest, inventory, written),
        *secrecy_actions(manifest, inventory),
        *control_actions(manifest.assets.controls, inventory.package),
    )


def listening_actions(manifest: Manifest, registry: Registry) -> tuple[Action, ...]:
    """The part of the plan that makes the organisation report to us."""
    endpoints = (endpoint_row(manifest.events), endpoint_row(manifest.requests))
    return (*_rows(iter(endpoints), registry), *step_actions(manifest, registry))


def _rows(specs: Iterator[RowSpec], registry: Registry) -> Iterator[Action]:
    for spec in specs:
        yield row_action(spec, registry.registered[spec.entity_set].get(spec.id))


def _metadata(manifest: Manifest, inventory: Inventory) -> Iterator[Action]:
    for table in manifest.own:
        yield from _own_table(table, inventory)
    yield from (_column(spec, inventory) for spec in manifest.columns)
    yield from tracking_actions(inventory.tracked)


def _own_table(table: TableSpec, inventory: Inventory) -> Iterator[Action]:
    if table.name in inventory.tables:
        yield from (_column(spec, inventory) for spec in table.columns)
        return
    body = table_definition(table, inventory.languages)
    call = Call("POST", "EntityDefinitions", body, IN_SOLUTION)
    yield Action(ActionKind.CREATE, f"table {table.name}", calls=(call,))


def _column(spec: ColumnSpec, inventory: Inventory) -> Action:
    if spec.table not in inventory.tables:
        return refuse(f"column {spec.label}", f"the organisation has no table {spec.table}")
    definition = inventory.definitions.get((spec.table, spec.name))
    return column_action(spec, definition, inventory.languages)


def _announcement(metadata: tuple[Action, ...], registry: Registry) -> Iterator[Action]:
    """Note in an existing solution that publishing is owed, before anything is changed."""
    for id_, row in registry.registered["solutions"].items():
        if writes(metadata) and row["description"] != UNPUBLISHED:
            body = {"description": UNPUBLISHED}
            call = Call("PATCH", f"solutions({id_})", body, EXISTING)
            yield Action(ActionKind.CHANGE, f"solution {SOLUTION}", "publishing is due", (call,))


def _access(manifest: Manifest, inventory: Inventory) -> Iterator[Action]:
    if manifest.rights is not None:
        yield from role_actions(manifest.rights, manifest.application, inventory.roles)


def _shown(manifest: Manifest, inventory: Inventory) -> Iterator[Action]:
    """What has to be published before users see it."""
    numbers = _option_numbers(manifest, inventory)
    yield from web_resource_actions(manifest, inventory, numbers)
    yield from button_actions(manifest, inventory)
    yield from exhibit_actions(manifest, inventory)


def _option_numbers(manifest: Manifest, inventory: Inventory) -> dict[str, dict[str, int]]:
    """The number that each option has or gets."""
    found: dict[str, dict[str, int]] = {}
    for spec in manifest.columns:
        definition = inventory.definitions.get((spec.table, spec.name))
        stored = read_stored(definition) if definition else None
        options, memory = (stored.options, stored.memory) if stored else ((), {})
        placed = place(spec.options, options, memory)
        found[spec.label] = {item.spec.name: item.value for item in placed}
    return found
