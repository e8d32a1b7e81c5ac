"""The gs_run row that the button's script polls, and where a nightly run can be watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gradesys.engine import Store
from gradesys.records import Value

TABLE = "gs_run"
STATES = {
    name: Decimal(921500000 + place)
    for place, name in enumerate(("queued", "running", "done", "failed"))
}


def put_rows(store: Store, ids: Iterable[str], values: Mapping[str, Value]) -> None:
    """Tell the same in each of these rows. Raises DataverseError."""
    for id in ids:
        store.put_row(TABLE, id, values)


def counts(read: int, written: int, failed: int) -> dict[str, Value]:
    """How far it is."""
    return {
        "gs_done": Decimal(read),
        "gs_written": Decimal(written),
        "gs_failed": Decimal(failed),
    }
