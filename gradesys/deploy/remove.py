"""Takes away everything that apply ever made, whatever the rules say by now.

Rows are found by unique name and endpoint, columns by the note that apply left in their
description: a customer's own column is never deleted, even if somebody put it into our solution.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.dataverse.client import Client
from gradesys.deploy.access.planning import role_removal
from gradesys.deploy.access.secrecy import secrecy_removal
from gradesys.deploy.actions import Action, ActionKind, remove
from gradesys.deploy.inventory import read_registered
from gradesys.deploy.made import made_by_us, removed
from gradesys.deploy.names import OWN_TABLES, PUBLISHER, SOLUTION
from gradesys.deploy.publication import publish
from gradesys.deploy.reading import Registered, rows
from gradesys.deploy.surface.controls import SOLUTION as CONTROLS
from gradesys.deploy.surface.controls import control_removal
from gradesys.deploy.surface.reading import ROW_SETS, read_surface

_IN_ORDER = (
    ("sdkmessageprocessingstepimages", "image"),
    ("sdkmessageprocessingsteps", "step"),
    ("serviceendpoints", "service endpoint"),
    ("customapirequestparameters", "parameter"),
    ("customapis", "Custom API"),
)


def removal(client: Client, with_data: bool = False) -> tuple[Action, ...]:
    """The plan that leaves an organisation as it was before the first apply, but for columns and
    tables of ours in which rows hold something, unless these may go too. Reads only."""
    found = read_registered(client)
    surface = read_surface(client)
    return (
        *_surface(surface),
        *_rows(found),
        *secrecy_removal(client),
        *(removed(client, made, with_data) for made in made_by_us(client)),
        *_publishing(surface),
        *role_removal(client),
        *control_removal(client),
        *_solution(found, client),
    )


def _surface(found: Registered) -> Iterator[Action]:
    """What users see; buttons before the scripts that they call."""
    for entity_set, known in ROW_SETS.items():
        for id_, row in found.get(entity_set, {}).items():
            yield remove(f"{known.what} {row[known.name]}", f"{entity_set}({id_})")


def _rows(found: Registered) -> Iterator[Action]:
    for entity_set, what in _IN_ORDER:
        for id_, row in found[entity_set].items():
            yield remove(f"{what} {row['name']}", f"{entity_set}({id_})")


def _publishing(surface: Registered) -> Iterator[Action]:
    """Clients show a button or view until its table is published without it."""
    commands = {row["contextvalue"] for row in surface.get("appactions", {}).values()}
    views = {row["returnedtypecode"] for row in surface.get("savedqueries", {}).values()}
    tables = sorted((commands | views) - OWN_TABLES)
    if tables:
        call = publish(tables, loss="publish them by hand")
        yield Action(ActionKind.CHANGE, f"publishing of {', '.join(tables)}", calls=(call,))


def _solution(found: Registered, client: Client) -> Iterator[Action]:
    for id_ in found["solutions"]:
        yield remove(f"solution {SOLUTION}", f"solutions({id_})")
    for id_ in found["publishers"]:
        having = rows(client, "solutions", ("uniquename",), f"_publisherid_value eq {id_}")
        # A publisher that meanwhile has other solutions belongs to them.
        if {row["uniquename"] for row in having} <= {SOLUTION, CONTROLS}:
            yield remove(f"publisher {PUBLISHER}", f"publishers({id_})")
