"""The one PublishXml at the end: of everything that this plan, or one that died, has changed."""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.deploy.actions import EXISTING, Action, ActionKind, Call
from gradesys.deploy.inventory import Inventory
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.names import ICON, MODELS, SCRIPT, SOLUTION
from gradesys.deploy.publication import publish
from gradesys.deploy.registration import PUBLISHED, UNPUBLISHED
from gradesys.deploy.surface.webresources import WEB_RESOURCES, web_resource_id


def writes(actions: tuple[Action, ...]) -> bool:
    """Whether any of them changes something."""
    return any(action.calls for action in actions)


def publishing(
    manifest: Manifest, inventory: Inventory, written: tuple[Action, ...]
) -> Iterator[Action]:
    """Once, if anything changed now or in an apply that did not get this far."""
    registry = inventory.registry
    solutions = registry.registered["solutions"].values()
    owed = any(row["description"] == UNPUBLISHED for row in solutions)
    if not (writes(written) or owed):
        return
    tables = _tables(manifest)
    solution = registry.id_of("solutions", "solution", SOLUTION)
    calls = (
        publish(tables, _web_resources(manifest, inventory)),
        Call("PATCH", f"solutions({solution})", {"description": PUBLISHED}, EXISTING),
    )
    yield Action(ActionKind.CHANGE, f"publishing of {', '.join(tables)}", calls=calls)


def _tables(manifest: Manifest) -> list[str]:
    scored = {spec.table for spec in manifest.columns}
    return sorted({*scored, *(table.name for table in manifest.own), *manifest.tracked})


def _web_resources(manifest: Manifest, inventory: Inventory) -> list[str]:
    stored = inventory.surface.get(WEB_RESOURCES, {})
    held = {SCRIPT: manifest.assets.script, MODELS: manifest.assets.script,
            ICON: manifest.assets.icon}  # fmt: skip
    return [web_resource_id(name, stored) for name, content in held.items() if content is not None]
