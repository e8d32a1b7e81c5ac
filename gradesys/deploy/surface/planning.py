"""The part of a plan that concerns what users see, in the order in which one needs the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradesys.deploy.actions import Action, ActionKind, remove
from gradesys.deploy.inventory import Inventory
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.names import COMMANDS
from gradesys.deploy.reading import RowsById
from gradesys.deploy.rowspecs import RowSpec, row_action
from gradesys.deploy.surface.commands import SET, command_actions
from gradesys.deploy.surface.exhibits import exhibits
from gradesys.deploy.surface.faces import scored_tables
from gradesys.deploy.surface.variable import DEFINITIONS, VALUES, variable_rows
from gradesys.deploy.surface.views import CHARTS, VIEWS, view_actions
from gradesys.deploy.surface.webresources import WEB_RESOURCES, Numbers, web_resource_rows

_NO_COMMANDS = "the organisation has no modern commands; a classic ribbon is up to you"
_NO_SCRIPT = "this installation was built without the script; see solution/webresources"


def web_resource_actions(
    manifest: Manifest, inventory: Inventory, numbers: Numbers
) -> Iterator[Action]:
    """The files that the client loads."""
    stored = inventory.surface.get(WEB_RESOURCES, {})
    if manifest.assets.script is None:
        yield Action(ActionKind.LEAVE, "web resources", _NO_SCRIPT)
    yield from _rows(web_resource_rows(manifest.assets, manifest.faces, numbers, stored), stored)


def button_actions(manifest: Manifest, inventory: Inventory) -> Iterator[Action]:
    """The buttons of every scored table, and the removal of those of other tables."""
    surface = inventory.surface
    if SET not in surface or manifest.assets.script is None:
        why = _NO_COMMANDS if SET not in surface else _NO_SCRIPT
        yield Action(ActionKind.LEAVE, "commands", why)
        return
    tables = [name for name in scored_tables(manifest.faces) if name in inventory.tables]
    for table in tables:
        yield from command_actions(
            table, inventory.tables[table]["MetadataId"], manifest.assets, surface,
            inventory.languages,
        )  # fmt: skip
    for id_, row in surface[SET].items():
        if row["uniquename"].removeprefix(COMMANDS).rpartition(".")[0] not in tables:
            yield remove(f"command {row['uniquename']}", f"{SET}({id_})")


def exhibit_actions(manifest: Manifest, inventory: Inventory) -> Iterator[Action]:
    """Views and charts of the models."""
    if VIEWS in inventory.surface and CHARTS in inventory.surface:
        shown = exhibits(manifest.faces, inventory.tables)
        yield from view_actions(shown, inventory.surface, inventory.languages)


def variable_actions(manifest: Manifest, inventory: Inventory) -> Iterator[Action]:
    """The environment variable, where the organisation has such."""
    surface = inventory.surface
    if DEFINITIONS in surface and VALUES in surface:
        for spec in variable_rows(manifest.address, surface):
            yield from _rows([spec], surface[spec.entity_set])


def _rows(specs: Iterable[RowSpec], stored: RowsById) -> Iterator[Action]:
    return (row_action(spec, stored.get(spec.id)) for spec in specs)
