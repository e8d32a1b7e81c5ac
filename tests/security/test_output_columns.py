"""Only the rules' own output columns are written: every way to write, before a request is made."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from gradesys.changes import Change
from gradesys.dataverse.client import Client
from gradesys.dataverse.store import DataverseStore
from gradesys.errors import PermanentError
from gradesys.records import Plan, Read, Scope, Value
from tests.dataverse.sample import ACCOUNT_ID, INVOICE_ID, OTHER_ID, SCHEMA
from tests.mocked import RequestsMock

WRITABLE = {"account": frozenset({"gs_score"}), "invoice": frozenset({"quantity"})}
FINE, ONE = {"gs_score": Decimal(1)}, Decimal(1)
AGAIN = Plan(
    (Read("account", ("accountid", "gs_score"), "accountid", "account"),), Scope("account")
)
Cells = dict[str, Value]
Way = Callable[[DataverseStore, Cells], object]


def update_multiple(store: DataverseStore, cells: Cells) -> object:
    """Many rows of a table that has UpdateMultiple; the last one is the odd one."""
    rows = [Change("account", f"ac000000-0000-4000-8000-{n:012}", FINE) for n in range(600)]
    return store.write([*rows, Change("account", ACCOUNT_ID, cells)])


def batch(store: DataverseStore, cells: Cells) -> object:
    """Rows of a table without UpdateMultiple."""
    rows = [
        Change("invoice", f"1d2c3b4a-0000-4000-8000-{n:012}", {"quantity": ONE}) for n in range(9)
    ]
    return store.write([*rows, Change("invoice", INVOICE_ID, cells)])


def patch_and_read_again(store: DataverseStore, cells: Cells) -> object:
    """One row, verified in the same request."""
    return store.write([Change("account", ACCOUNT_ID, cells)], AGAIN)


def two_waves(store: DataverseStore, cells: Cells) -> object:
    """The same row twice, so that the odd change would go in a request of its own."""
    fine, odd = Change("account", OTHER_ID, FINE), Change("account", OTHER_ID, cells)
    return store.write([fine, odd], AGAIN)


def own_row(store: DataverseStore, cells: Cells) -> None:
    """A row of a table of ours, asked for with the name of a scored one."""
    store.put_row("account", ACCOUNT_ID, cells)


ODD: tuple[Cells, ...] = (
    {"name": "Secret"},
    {"gs_grade": ONE},
    {"gs_score": ONE, "name": "Secret"},
    {"quantity": ONE, "statecode": ONE},
    {"GS_SCORE": ONE},
    {"gs_score ": ONE},
    {"gs_score@odata.bind": "/accounts(1)"},
    {"ownerid": None},
    {"accountid": OTHER_ID},
)


@pytest.mark.parametrize("cells", ODD, ids=str)
@pytest.mark.parametrize("way", [update_multiple, batch, patch_and_read_again, two_waves, own_row])
def test_another_column_is_refused_and_nothing_is_sent(way: Way, cells: Cells) -> None:
    client = Client("https://crm.example.com", lambda: "token")
    with RequestsMock(), pytest.raises(PermanentError):
        way(DataverseStore(client, SCHEMA, WRITABLE), cells)
    assert client.requests == 0
