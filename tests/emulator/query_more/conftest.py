"""A small organisation for reading: customers in a hierarchy, invoices around the clock's now.

The clock stands at Sunday 2026-03-01 08:30 UTC.
"""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from tests.emulator.serving import OrgServer, new_emulator, serving

A1, A2, A3, A4 = (f"ac000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3, 4))
C1, C2 = (f"cc000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
EURO = "ee000000-0000-4000-8000-000000000001"

CREATED = {
    "I1": ("2026-03-01T08:00:00Z", 100, 2),
    "I2": ("2026-02-28T23:59:59Z", 50.25, 0),
    "I3": ("2026-02-25T00:00:00Z", 200, 2),
    "I4": ("2026-01-31T12:00:00Z", 25, 2),
    "I5": ("2025-03-01T00:00:00Z", None, 0),
    "I6": ("2026-03-04T00:00:00Z", 10, 3),
}
OWNERS = {"I1": A1, "I2": A1, "I3": A2, "I4": A3, "I5": A2, "I6": None}


@pytest.fixture(scope="session")
def reading_server() -> Iterator[OrgServer]:
    """Four accounts, two contacts, six invoices; nothing is changed by the tests."""
    with serving(new_emulator()) as server:
        _fill(server)
        yield server
        assert server.unsupported() == 0, "something asked for what the emulator does not implement"


def _fill(server: OrgServer) -> None:
    _customers(server)
    for name, (created, amount, state) in CREATED.items():
        owner = OWNERS[name]
        bound = {"customerid_account__bind": f"/accounts({owner})"} if owner else {}
        server.create("invoices", name=name, totalamount=amount, statecode=state,
                      overriddencreatedon=created, duedate=created[:10],
                      transactioncurrencyid__bind=f"/transactioncurrencies({EURO})",
                      **bound)  # fmt: skip
    user = server.rows("systemusers?$select=fullname")[0]["systemuserid"]
    team = server.rows("teams?$select=name")[0]["teamid"]
    _join_team(server, team, user)


def _join_team(server: OrgServer, team: str, user: str) -> None:
    reference = {"@odata.id": f"{server.api}systemusers({user})"}
    path = f"teams({team})/teammembership_association/$ref"
    assert server.send("POST", path, reference).status_code == 204


def _customers(server: OrgServer) -> None:
    create = server.create
    create("transactioncurrencies", transactioncurrencyid=EURO, currencyname="Euro",
           isocurrencycode="EUR", currencysymbol="€", exchangerate=2)  # fmt: skip
    create("contacts", contactid=C1, firstname="Sara", lastname="Ahmadi")
    create("contacts", contactid=C2, firstname="Omid", lastname="Karimi")
    create("accounts", accountid=A1, name="Zarrin", numberofemployees=5, revenue=100,
           address1_city="Tehran", primarycontactid__bind=f"/contacts({C1})")  # fmt: skip
    create("accounts", accountid=A2, name="شرکت پارس", numberofemployees=8, revenue=200.5,
           address1_city="tehran", parentaccountid__bind=f"/accounts({A1})",
           primarycontactid__bind=f"/contacts({C1})")  # fmt: skip
    create("accounts", accountid=A3, name="Ālpha", numberofemployees=8, address1_city="Shiraz",
           parentaccountid__bind=f"/accounts({A2})")  # fmt: skip
    create("accounts", accountid=A4, name="100% O'Brien", primarycontactid__bind=f"/contacts({C2})")


@pytest.fixture
def refused(start_server: Callable[..., OrgServer]) -> Callable[[str], OrgServer]:
    """Ask a fresh emulator for something it refuses with 501, and see it counted."""

    def ask(path: str) -> OrgServer:
        server = start_server()
        response = server.send("GET", path)
        assert response.status_code == 501, response.text
        assert server.unsupported() == 1
        return server

    return ask


@pytest.fixture(scope="session")
def many_accounts() -> Iterator[OrgServer]:
    """50,001 accounts, all but the first with employees, written past the Web API."""
    with serving(new_emulator()) as server:
        _fill_up(server)
        yield server


def _fill_up(server: OrgServer) -> None:
    table = server.org.definitions.tables["account"]
    with server.org.transaction() as tx:
        tx.connection.executemany(
            f"INSERT INTO {table.name} (accountid, name, numberofemployees) VALUES (?, ?, ?)",
            [(f"{n:08x}-0000-4000-8000-000000000000", f"A{n}", n % 50_001) for n in range(50_001)],
        )


def fetch(entity_set: str, xml: str) -> str:
    """The path of a FetchXML query."""
    return f"{entity_set}?fetchXml={quote(xml)}"
