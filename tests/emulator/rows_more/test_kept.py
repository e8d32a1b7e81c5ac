"""What a database keeps: keys and links survive a restart, and deltas rebuild a whole table."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.definitions import Key, ManyToMany
from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.rows.links import associate
from emulator.rows.merging import merge_rows
from emulator.server import open_organization
from emulator.webapi.calls import Call, Headers
from emulator.webapi.tracking import read_changes
from tests.emulator.customization.sending import ROOT, write

KEY = {"SchemaName": "gs_Number", "KeyAttributes": ["accountnumber"]}
LINK = {"@odata.type": "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
        "SchemaName": "gs_account_contact", "Entity1LogicalName": "account",
        "Entity2LogicalName": "contact", "IntersectEntityName": "gs_account_contact"}  # fmt: skip


@pytest.fixture
def org() -> Iterator[Organization]:
    org = open_organization(Organization())
    yield org
    org.close()


def test_keys_and_links_survive_a_restart(tmp_path: Path) -> None:
    first = Organization(tmp_path / "org.db")
    write(first, "POST", "EntityDefinitions(LogicalName='account')/Keys", KEY)
    write(first, "POST", "RelationshipDefinitions", LINK)
    with first.transaction() as tx:
        account = tx.create("account", {"accountnumber": "k1"})
        contact = tx.create("contact", {"lastname": "x"})
        associate(tx, first.definitions.ends["account", "gs_account_contact"], account, contact)
    first.close()

    second = Organization(tmp_path / "org.db")
    (key,) = second.definitions.tables["account"].keys
    assert isinstance(key, Key)
    assert isinstance(second.definitions.many_to_many["gs_account_contact"], ManyToMany)
    assert second.rows("gs_account_contact")[0]["contactid"] == contact
    with pytest.raises(ApiError) as refusal, second.transaction() as tx:
        tx.create("account", {"accountnumber": "K1"})
    assert refusal.value.code == "0x80060892"
    second.close()


class Replica:
    """A client that knows a table only through change tracking."""

    def __init__(self, org: Organization, dice: random.Random) -> None:
        self.org = org
        self.dice = dice
        self.names: dict[str, Any] = {}
        self.link = f"{ROOT}contacts?$select=lastname"

    def catch_up(self, disturb: Callable[[], None]) -> None:
        """Read to the end in pages of any size; something else happens between the pages."""
        page = self._page()
        while "@odata.nextLink" in page:
            disturb()
            self.link = page["@odata.nextLink"]
            page = self._page()
        self.link = page["@odata.deltaLink"]

    def _page(self) -> dict[str, Any]:
        prefer = f"odata.track-changes,odata.maxpagesize={self.dice.randint(1, 9)}"
        query = self.link.partition("?")[2]
        call = Call(self.org, "GET", "contacts", query, Headers({"Prefer": prefer}), b"", ROOT)
        page: dict[str, Any] = read_changes(call, self.org.definitions.tables["contact"]).body
        for row in page["value"]:
            if "reason" in row:
                self.names.pop(row["id"], None)
            else:
                self.names[row["contactid"]] = row["lastname"]
        return page


@pytest.mark.parametrize("seed", range(8))
def test_a_replica_fed_by_deltas_equals_the_table(org: Organization, seed: int) -> None:
    dice = random.Random(seed)
    replica = Replica(org, dice)
    ids: list[str] = []

    def edit() -> None:
        kind = dice.choice(("create", "update", "update", "delete", "merge"))
        with org.transaction() as tx:
            if kind == "create" or len(ids) < 3:
                ids.append(tx.create("contact", {"lastname": f"n{dice.random()}"}))
            elif kind == "update":
                tx.update("contact", dice.choice(ids), {"lastname": f"n{dice.random()}"})
            elif kind == "merge":
                stays, goes = dice.sample(ids, 2)
                table = org.definitions.tables["contact"]
                merge_rows(tx, table, (stays, goes), {"lastname": "merged"})
            else:
                tx.delete("contact", ids.pop(dice.randrange(len(ids))))

    for _ in range(20):
        for _ in range(dice.randint(0, 12)):
            edit()
        replica.catch_up(edit)
    replica.catch_up(lambda: None)
    assert replica.names == {row["contactid"]: row["lastname"] for row in org.rows("contact")}
