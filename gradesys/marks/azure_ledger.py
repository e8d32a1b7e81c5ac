"""The Ledger in a table of an Azure storage account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from azure.data.tables import TableEntity

from gradesys.marks.azure import Storage
from gradesys.marks.azure_cells import spelled
from gradesys.marks.protocols import Entry

PARTITION = "ledger"
PIECE = 30_000
"""A text column holds 32,768 characters."""


class AzureLedger:
    """Named JSON values with a version each, compared by the row's ETag."""

    def __init__(self, storage: Storage) -> None:
        self._rows = storage.ledger

    def get(self, name: str) -> Entry:
        """Read a value and its version."""
        row = self._rows.get(PARTITION, spelled(name))
        return Entry(_value(row), int(row["version"])) if row is not None else Entry({}, 0)

    def put_if(self, name: str, value: Mapping[str, Any], version: int) -> bool:
        """Compare and swap."""
        cells = {
            "PartitionKey": PARTITION,
            "RowKey": spelled(name),
            "name": name,
            "version": version + 1,
            **_pieces(json.dumps(value)),
        }
        if version == 0:
            return self._rows.insert(cells)
        row = self._rows.get(PARTITION, spelled(name))
        return row is not None and row["version"] == version and self._rows.swap(row, cells)

    def list(self, prefix: str) -> dict[str, Mapping[str, Any]]:
        """Values by name prefix, in name order."""
        start = spelled(prefix)
        rows = self._rows.find(
            "PartitionKey eq @partition and RowKey ge @start and RowKey lt @end",
            partition=PARTITION,
            start=start,
            end=f"{start}~",
        )
        return {row["name"]: _value(row) for row in sorted(rows, key=lambda row: str(row["name"]))}

    def drop(self, name: str) -> None:
        """Delete a value."""
        row = self._rows.get(PARTITION, spelled(name))
        if row is not None:
            self._rows.drop(row)


def _pieces(text: str) -> dict[str, str]:
    starts = range(0, len(text), PIECE)
    return {f"value{place}": text[start : start + PIECE] for place, start in enumerate(starts)}


def _value(row: TableEntity) -> dict[str, Any]:
    count = sum(name.removeprefix("value").isdigit() for name in row)
    value: dict[str, Any] = json.loads("".join(row[f"value{place}"] for place in range(count)))
    return value
