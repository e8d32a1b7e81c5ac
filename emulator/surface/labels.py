"""Localized texts of rows: `SetLocLabels` and `RetrieveLocLabels`, kept beside the tables.

The row itself holds the text in the base language.
"""

from collections.abc import Mapping
from typing import Any

from emulator.changes import Change
from emulator.customization.bodies import Shape, read
from emulator.customization.labels import LocalizedLabel
from emulator.definitions import Table
from emulator.errors import ApiError, Unsupported, bad_payload, invalid_argument
from emulator.rows.payload import parse_guid
from emulator.rows.transaction import Transaction
from emulator.seeds import BASE_LANGUAGE, LANGUAGES
from emulator.users_caller import require
from emulator.webapi.arguments import read_arguments
from emulator.webapi.calls import Answer, Call
from emulator.webapi.described import label

LOCALIZABLE: Mapping[str, tuple[str, ...]] = {
    "appaction": ("buttonlabeltext", "buttontooltiptitle", "buttontooltipdescription",
                  "buttonaccessibilitytext", "grouptitle"),
    "savedquery": ("name", "description"),
    "savedqueryvisualization": ("name", "description"),
}  # fmt: skip
_TYPE = "Microsoft.Dynamics.CRM."
_CREATE = (
    'CREATE TABLE IF NOT EXISTS "@labels" (row_id TEXT, column_name TEXT, language INTEGER, '
    "text TEXT, PRIMARY KEY (row_id, column_name, language))"
)


class LabelsBody(Shape):
    """`SetLocLabels`."""

    entity_moniker: dict[str, Any]
    attribute_name: str
    labels: list[LocalizedLabel]


def set_labels(call: Call) -> Answer:
    """Store the texts; that of the base language goes into the row."""
    body = read(call.json(), LabelsBody, "SetLocLabels")
    table, row_id = _target(call, body.entity_moniker)
    require(table, "write")
    _check_column(table, body.attribute_name)
    with call.org.transaction() as tx:
        tx.existing(table.name, row_id)
        tx.connection.execute(_CREATE)
        for item in body.labels:
            if item.language_code not in LANGUAGES:
                message = f"The language {item.language_code} is not installed."
                raise ApiError(400, "0x8004431c", message)
            if item.language_code == BASE_LANGUAGE:
                tx.update(table.name, row_id, {body.attribute_name: item.label})
            values = [row_id, body.attribute_name, item.language_code, item.label]
            tx.connection.execute('INSERT OR REPLACE INTO "@labels" VALUES (?, ?, ?, ?)', values)
    return Answer(204)


def retrieve_labels(call: Call) -> Answer:
    """The texts of a column of a row, as a Label."""
    given = read_arguments(call, "EntityMoniker", "AttributeName", "IncludeUnpublished")
    table, row_id = _target(call, given["EntityMoniker"])
    column = given["AttributeName"]
    require(table, "read")
    _check_column(table, column)
    with call.org.transaction() as tx:
        row = tx.existing(table.name, row_id)
        texts = {BASE_LANGUAGE: row[column]} if row[column] else {}
        tx.connection.execute(_CREATE)
        stored = tx.connection.execute(
            'SELECT language, text FROM "@labels" WHERE row_id = ? AND column_name = ?',
            [row_id, column],
        )
        texts = dict(stored.fetchall()) | texts
    context = f"{call.root}$metadata#{_TYPE}RetrieveLocLabelsResponse"
    return Answer(200, {"@odata.context": context, "Label": label(texts)})


def guard_labels(tx: Transaction, change: Change) -> None:
    """Texts of a deleted row are forgotten with it."""
    if change.message == "Delete" and change.table in LOCALIZABLE:
        tx.connection.execute(_CREATE)
        tx.connection.execute('DELETE FROM "@labels" WHERE row_id = ?', [change.id])


def _target(call: Call, moniker: Mapping[str, Any]) -> tuple[Table, str]:
    name = str(moniker.get("@odata.type", "")).lstrip("#").removeprefix(_TYPE)
    table = call.org.definitions.tables.get(name)
    if table is None or table.id_column not in moniker:
        raise bad_payload(name, "EntityMoniker needs its @odata.type and its key")
    return table, parse_guid(str(moniker[table.id_column]))


def _check_column(table: Table, column: str) -> None:
    if table.name not in LOCALIZABLE:
        raise Unsupported(f"localized texts of {table.name}")
    if column not in LOCALIZABLE[table.name]:
        raise invalid_argument(f"The column {column} of {table.name} is not localizable.")
