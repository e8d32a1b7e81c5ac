"""Alternate keys by address, and the columns they hold on to."""

from emulator.definitions import Key, Table
from emulator.errors import ApiError


def find_key(table: Table, key: str) -> Key:
    """By logical name, schema name or metadata id; 404 when there is none."""
    wanted = key.rpartition("=")[2].strip("'").lower()
    for item in table.keys:
        if wanted in (item.name, item.id):
            return item
    raise ApiError(404, "0x80040217", f"Could not find the entity key {key}.")


def refuse_key_column(table: Table, column: str) -> None:
    """400 when a column is to be deleted that a key needs."""
    for key in table.keys:
        if column in key.columns:
            message = (
                f"The Attribute({column}) component cannot be deleted because it is referenced "
                f"by the EntityKey({key.name})."
            )
            raise ApiError(400, "0x8004f01f", message)
