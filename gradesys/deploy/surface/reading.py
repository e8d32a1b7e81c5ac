"""Our rows that users see, as an organisation has them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from gradesys.dataverse.client import Client
from gradesys.deploy.names import COMMANDS, ICON, MODELS, NOTED, SCRIPT, VARIABLE
from gradesys.deploy.reading import Found, Registered, RowsById, any_of, offered_rows
from gradesys.deploy.surface.drawing import canonical

Where = Callable[[Registered], str | None]


class RowSet(Struct, frozen=True):
    """Which rows of a set are ours: ``where`` may look at the sets read before; ``what`` and the
    column ``name`` tell people which row it is."""

    what: str
    name: str
    key: str
    columns: tuple[str, ...]
    where: Where


def read_surface(client: Client) -> Registered:
    """By entity set; a set that the organisation does not have is not there."""
    found: dict[str, RowsById] = {}
    for entity_set, known in ROW_SETS.items():
        columns = (known.key, *known.columns)
        rows = offered_rows(client, entity_set, columns, known.where(found))
        if rows is not None:
            found[entity_set] = {row[known.key]: _comparable(row) for row in rows}
    return found


def id_by(rows: RowsById, column: str, value: object, otherwise: str) -> str:
    """The id of the row with this value in a column that names it."""
    return next((id_ for id_, row in rows.items() if row[column] == value), otherwise)


def _comparable(row: Found) -> Found:
    """Base64 and XML have more than one spelling; ours is compared."""
    return {name: _SPELLINGS.get(name, _as_it_is)(value) for name, value in row.items()}


def _as_it_is(value: Any) -> Any:
    return value


def _base64(value: Any) -> Any:
    return value and b64encode(b64decode(value)).decode()


def _xml(value: Any) -> Any:
    return value and canonical(value)


_SPELLINGS: Mapping[str, Callable[[Any], Any]] = {
    "content": _base64,
    "fetchxml": _xml,
    "layoutxml": _xml,
    "datadescription": _xml,
    "presentationdescription": _xml,
}


def _named(column: str, *names: str) -> Where:
    where = any_of(column, (f"'{name}'" for name in names))
    return lambda found: where


ROW_SETS: Mapping[str, RowSet] = {
    "appactions": RowSet(
        "command",
        "uniquename",
        "appactionid",
        ("name", "uniquename", "type", "context", "contextvalue", "location", "buttonlabeltext",
         "buttontooltiptitle", "buttontooltipdescription", "buttonaccessibilitytext",
         "onclickeventtype", "onclickeventjavascriptfunctionname",
         "onclickeventjavascriptparameters", "visibilitytype",
         "_onclickeventjavascriptwebresourceid_value", "_iconwebresourceid_value"),
        lambda found: f"startswith(uniquename,'{COMMANDS}')",
    ),
    "webresourceset": RowSet(
        "web resource",
        "name",
        "webresourceid",
        ("name", "displayname", "webresourcetype", "content"),
        _named("name", SCRIPT, MODELS, ICON),
    ),
    "environmentvariabledefinitions": RowSet(
        "environment variable",
        "schemaname",
        "environmentvariabledefinitionid",
        ("schemaname", "displayname", "description", "type"),
        _named("schemaname", VARIABLE),
    ),
    "environmentvariablevalues": RowSet(
        "value of the environment variable",
        "value",
        "environmentvariablevalueid",
        ("value", "_environmentvariabledefinitionid_value"),
        lambda found: any_of(
            "_environmentvariabledefinitionid_value",
            found.get("environmentvariabledefinitions", ()),
        ),
    ),
    "savedqueryvisualizations": RowSet(
        "chart",
        "name",
        "savedqueryvisualizationid",
        ("name", "description", "primaryentitytypecode", "datadescription",
         "presentationdescription"),
        lambda found: f"startswith(description,'{NOTED}')",
    ),
    "savedqueries": RowSet(
        "view",
        "name",
        "savedqueryid",
        ("name", "description", "returnedtypecode", "querytype", "fetchxml", "layoutxml"),
        lambda found: f"startswith(description,'{NOTED}')",
    ),
}  # fmt: skip
"""In the order in which they can be deleted."""
