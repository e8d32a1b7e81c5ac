"""«Recompute» on the command bar of form, grid and subgrid: modern commands are ordinary rows.

The values of creation (place, table, name) cannot be changed later, so such a row is made anew.
Whatever the organisation refuses here is told, and everything else works without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from gradesys.deploy.actions import Action
from gradesys.deploy.names import COMMANDS, ICON, SCRIPT, derived_id
from gradesys.deploy.reading import Registered
from gradesys.deploy.rowspecs import Link, RowSpec, row_action
from gradesys.deploy.surface.assets import Assets
from gradesys.deploy.surface.labelled import Labels, with_labels
from gradesys.deploy.surface.reading import id_by
from gradesys.deploy.surface.webresources import WEB_RESOURCES, web_resource_id
from gradesys.deploy.texts import Languages, Text, translations

SET = "appactions"
_FORM, _GRID, _SUBGRID = 0, 1, 2
_BUTTON, _OF_A_TABLE, _JAVASCRIPT, _ALWAYS = 0, 1, 2, 0
_PRIMARY_CONTROL, _SELECTED_CONTROL, _SELECTED_IDS = 5, 12, 23
_PLACE = 100_100_050
_DONE = "buttonaccessibilitytext"
LOSS = "users have no such button; gradesys resync and the events do not need it"


class Command(Struct, frozen=True):
    """A button: where it stands, what it calls, and with which of the client's parameters."""

    key: str
    location: int
    function: str
    parameters: tuple[int, ...]
    title: Text
    help: Text


_SELECTED = (_SELECTED_CONTROL, _SELECTED_IDS)
_ONE = Text("Recompute grade", "محاسبهٔ دوبارهٔ درجه")
_SOME = Text("Recompute grades", "محاسبهٔ دوبارهٔ درجه‌ها")
_ALL = Text("Recompute all", "محاسبهٔ دوبارهٔ همه")
_HELP_ONE = Text("Scores this record now.", "این رکورد را همین حالا امتیاز می‌دهد.")
_HELP_SOME = Text("Scores the chosen records now.", "رکوردهای انتخاب‌شده را همین حالا امتیاز می‌دهد.")
_HELP_ALL = Text("Scores every record of the table.", "همهٔ رکوردهای این جدول را امتیاز می‌دهد.")
COMMANDS_OF_A_TABLE = (
    Command("form", _FORM, "recomputeForm", (_PRIMARY_CONTROL,), _ONE, _HELP_ONE),
    Command("grid", _GRID, "recomputeSelected", _SELECTED, _SOME, _HELP_SOME),
    Command("all", _GRID, "recomputeAll", (_SELECTED_CONTROL,), _ALL, _HELP_ALL),
    Command("subgrid", _SUBGRID, "recomputeSelected", _SELECTED, _SOME, _HELP_SOME),
)


def command_actions(
    table: str, metadata_id: str, assets: Assets, surface: Registered, languages: Languages
) -> Iterator[Action]:
    """The buttons of one scored table."""
    for command in COMMANDS_OF_A_TABLE:
        spec = _row(command, table, assets, surface, languages)
        spec = replace(spec, initial={"ContextEntity@odata.bind": f"/entities({metadata_id})"})
        action = row_action(spec, surface[SET].get(spec.id))
        yield with_labels(action, spec, _labels(command), languages)


def _labels(command: Command) -> Labels:
    texts = {"buttonlabeltext": command.title, "buttontooltiptitle": command.title,
             "buttontooltipdescription": command.help}  # fmt: skip
    return Labels("appaction", _DONE, texts)


def unique_name(table: str, command: Command) -> str:
    """The name by which a button is found again; it begins with the publisher's prefix."""
    return f"{COMMANDS}{table}.{command.key}"


def _row(
    command: Command, table: str, assets: Assets, surface: Registered, languages: Languages
) -> RowSpec:
    name = unique_name(table, command)
    fixed = {"name": name, "uniquename": name, "context": _OF_A_TABLE, "contextvalue": table,
             "location": command.location}  # fmt: skip
    parameters = [{"type": number} for number in command.parameters]
    title = translations(command.title, languages)[languages.base]
    return RowSpec(
        entity_set=SET,
        key="appactionid",
        id=id_by(surface[SET], "uniquename", name, derived_id("command", table, command.key)),
        what=f"command {name}",
        values={
            **fixed,
            "type": _BUTTON,
            "visibilitytype": _ALWAYS,
            "onclickeventtype": _JAVASCRIPT,
            "onclickeventjavascriptfunctionname": f"GradeSys.{command.function}",
            "onclickeventjavascriptparameters": json.dumps(parameters),
            "buttonlabeltext": title,
            "buttontooltiptitle": title,
            "buttontooltipdescription": translations(command.help, languages)[languages.base],
            _DONE: title,
        },
        links=tuple(_links(assets, surface)),
        fixed=frozenset(fixed),
        initial={"sequence": _PLACE},
        loss=LOSS,
        replaced=True,
    )


def _links(assets: Assets, surface: Registered) -> Iterator[Link]:
    stored = surface[WEB_RESOURCES]
    yield Link(
        "_onclickeventjavascriptwebresourceid_value",
        "OnClickEventJavaScriptWebResourceId",
        WEB_RESOURCES,
        web_resource_id(SCRIPT, stored),
    )
    if assets.icon is not None:
        icon = web_resource_id(ICON, stored)
        yield Link("_iconwebresourceid_value", "IconWebResourceId", WEB_RESOURCES, icon)
