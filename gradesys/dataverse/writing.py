"""Changes out: bulk updates halved down to the bad row, batches where there is no bulk update."""

from __future__ import annotations

from collections.abc import Sequence

from gradesys.changes import Outcome
from gradesys.dataverse.abreast import abreast
from gradesys.dataverse.answers import is_eased_by_less
from gradesys.dataverse.client import Client
from gradesys.dataverse.fates import outcome, raise_if_general
from gradesys.dataverse.outgoing import Outgoing, waves
from gradesys.dataverse.sending import send_all
from gradesys.dataverse.sizing import BulkSize
from gradesys.errors import DataverseError, MissingMetadata, TemporaryError

SMALL = 8
"""Rows; so few are sent row by row in one batch, also where a bulk update of them was refused."""
BATCH = 100
"""Rows in one batch; Dataverse advises small batches side by side."""


class Writer:
    """Sends changes and tells the fate of each, in their order."""

    def __init__(self, client: Client, chunk: int) -> None:
        self._client = client
        self._size = BulkSize(chunk)

    def bulk(self, changes: Sequence[Outgoing]) -> tuple[Outcome, ...]:
        """Write everything, chunks of different rows side by side."""
        found: dict[int, Outcome] = {}
        for wave in waves(changes):
            chunks = self._chunks(changes, wave)
            rows = [[changes[i] for i in chunk] for chunk in chunks]
            answers = abreast(self._send, rows, self._client.options.parallelism)
            for positions, outcomes in zip(chunks, answers, strict=True):
                found.update(zip(positions, outcomes, strict=True))
        return tuple(found[position] for position in range(len(changes)))

    def patch(self, rows: Sequence[Outgoing]) -> list[Outcome]:
        """Write different rows by one batch."""
        try:
            answers = send_all(self._client, [row.part() for row in rows])
        except TemporaryError as error:
            return [outcome(row.change, error) for row in rows]
        return [
            outcome(row.change, answer.error()) for row, answer in zip(rows, answers, strict=True)
        ]

    def _chunks(self, changes: Sequence[Outgoing], wave: list[int]) -> list[list[int]]:
        tables: dict[str, list[int]] = {}
        for position in wave:
            tables.setdefault(changes[position].table.name, []).append(position)
        chunks = []
        for positions in tables.values():
            size = self._size.rows if changes[positions[0]].table.bulk_update else BATCH
            chunks += [positions[i : i + size] for i in range(0, len(positions), size)]
        return chunks

    def _send(self, rows: Sequence[Outgoing]) -> list[Outcome]:
        return self._update_multiple(rows) if rows[0].table.bulk_update else self.patch(rows)

    def _update_multiple(self, rows: Sequence[Outgoing]) -> list[Outcome]:
        path = f"{rows[0].table.entity_set}/Microsoft.Dynamics.CRM.UpdateMultiple"
        try:
            answer = self._client.request("POST", path, {"Targets": [row.target() for row in rows]})
        except DataverseError as error:
            return self._smaller(rows, error)
        self._size.took(len(rows), answer.seconds)
        return [outcome(row.change, None) for row in rows]

    def _smaller(self, rows: Sequence[Outgoing], error: DataverseError) -> list[Outcome]:
        # A bulk update is all or nothing and names no row.
        if isinstance(error, TemporaryError) and not is_eased_by_less(error):
            return [outcome(row.change, error) for row in rows]
        if len(rows) <= SMALL or _is_missing_action(error):
            return self.patch(rows)
        raise_if_general(error)
        half = len(rows) // 2
        return [*self._update_multiple(rows[:half]), *self._update_multiple(rows[half:])]


def _is_missing_action(error: DataverseError) -> bool:
    return isinstance(error, MissingMetadata) and "UpdateMultiple" in str(error)
