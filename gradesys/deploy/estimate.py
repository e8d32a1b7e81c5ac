"""How much work the rules will be: first writes and the requests of a night, before anything runs.

Row counts are the organisation's own, up to a day old; filters of populations only lower them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import ceil
from urllib.parse import quote

from msgspec import Struct

from gradesys.dataverse.client import Client
from gradesys.dataverse.queries import PAGE_SIZE
from gradesys.dataverse.writing import BATCH
from gradesys.rules.rowevents import followed, readers
from gradesys.rules.rulebook import Rulebook


class Estimate(Struct, frozen=True):
    """``scored``: records at most, by model; ``nightly``: requests that read all rows once."""

    scored: Mapping[str, int]
    nightly: int

    @property
    def first_writes(self) -> int:
        """Records that the first resync writes at most."""
        return sum(self.scored.values())

    @property
    def first_requests(self) -> int:
        """Requests of the first resync: it reads everything and writes what it scored."""
        return self.nightly + sum(ceil(rows / BATCH) for rows in self.scored.values())


def estimate(rulebook: Rulebook, client: Client) -> Estimate:
    """Ask for the row counts of every table that the rules read. Raises the client's errors."""
    rows = row_counts(client, followed(rulebook))
    pages = {table: max(ceil(count / PAGE_SIZE), 1) for table, count in rows.items()}
    return Estimate(
        scored={model.model.id: rows.get(model.model.table, 0) for model in rulebook.models},
        nightly=sum(pages[table] * len(readers(rulebook, table)) for table in rows),
    )


def row_counts(client: Client, tables: Iterable[str]) -> dict[str, int]:
    """Rows by table, as of some time of the last day."""
    names = sorted(tables)
    if not names:
        return {}
    path = f"RetrieveTotalRecordCount(EntityNames=@t)?@t={quote(json.dumps(names))}"
    found = client.request("GET", path).json()["EntityRecordCountCollection"]
    return {name: int(count) for name, count in zip(found["Keys"], found["Values"], strict=True)}
