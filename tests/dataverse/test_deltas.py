"""Change tracking: a snapshot and its deltas always make what a full read gives."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from gradesys.dataverse.client import Client
from gradesys.dataverse.deltas import Deltas
from gradesys.dataverse.metadata import load_schema
from gradesys.dataverse.store import DataverseStore
from gradesys.errors import MissingMetadata, NotTracked, PermanentError, TokenExpired
from gradesys.records import Plan, Read, Ref, Row, Scope, Value
from gradesys.tracking import Delta, Token
from tests.dataverse.emulated import account_id, contact_id, invoice_id
from tests.dataverse.organisation import API, Install, ok
from tests.dataverse.sample import SCHEMA
from tests.emulator.serving import NOW, OrgServer

COLUMNS = {"invoice": ("customerid", "salesorderid"), "contact": ("parentcustomerid",)}
IDS = {"invoice": invoice_id, "contact": contact_id}
PARENTS = {"invoice": "customerid", "contact": "parentcustomerid"}
CUSTOMERS = (("account", account_id(1)), ("account", account_id(2)), ("contact", contact_id(900)))


@dataclass
class Tracked:
    """An organisation that is edited, and what a follower of its changes knows of it."""

    server: OrgServer
    client: Client
    page_size: int = 5000
    known: dict[str, dict[str, Row]] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.schema = load_schema(self.client, ("account", "contact", "invoice", "task"))

    @property
    def deltas(self) -> Deltas:
        return Deltas(self.client, self.schema, page_size=self.page_size)

    def put(self, table: str, number: int, parent: tuple[str, str] | None) -> None:
        """Create a row, or give it another parent."""
        path = f"{self.schema[table].entity_set}({IDS[table](number)})"
        target, id_ = parent or ("account", "")
        bound = f"{target}s({id_})" if parent else None
        body = {f"{PARENTS[table]}_{target}@odata.bind": bound}
        self.client.request("PATCH", path, body)

    def delete(self, table: str, number: int) -> None:
        self.client.request("DELETE", f"{self.schema[table].entity_set}({IDS[table](number)})")

    def begin(self, table: str) -> None:
        self.known[table] = {}
        self._learn(table, self.deltas.first(table, COLUMNS[table]))

    def catch_up(self, table: str) -> list[Delta]:
        found = list(self.deltas.since(self.tokens[table]))
        self._learn(table, found)
        return found

    def full(self, table: str) -> dict[str, Row]:
        """All rows as they are now, by a plain read."""
        id_column = self.schema[table].id_column
        read = Read(table, (id_column, *COLUMNS[table]), id_column, table)
        pages = DataverseStore(self.client, self.schema, {}).pages(Plan((read,), Scope(table)))
        return {str(row[id_column]): row for page in pages for row in page.rows}

    def _learn(self, table: str, deltas: Iterable[Delta]) -> None:
        rows = self.known[table]
        for delta in deltas:
            rows.update((str(row[self.schema[table].id_column]), row) for row in delta.rows)
            for id_ in delta.deleted:
                rows.pop(id_, None)
            if delta.token is not None:
                self.tokens[table] = delta.token


@pytest.fixture(scope="module")
def tracked_server(start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    server = start_server()
    for number in (1, 2):
        server.create("accounts", accountid=account_id(number), name="ا")
    server.create("contacts", contactid=contact_id(900), lastname="ب")
    yield server
    assert server.unsupported() == 0


@pytest.fixture
def org(tracked_server: OrgServer) -> Iterator[Tracked]:
    client = Client(tracked_server.url, lambda: None)
    org = Tracked(tracked_server, client)
    yield org
    tracked_server.org.clock = lambda: NOW
    for table in COLUMNS:
        for id_ in org.full(table).keys() - {contact_id(900)}:
            client.request("DELETE", f"{table}s({id_})")
    client.close()


def test_rows_deletions_and_the_next_token_are_told(org: Tracked) -> None:
    for number in (1, 2, 3):
        org.put("invoice", number, CUSTOMERS[0])
    org.begin("invoice")
    assert org.known["invoice"] == org.full("invoice")
    org.put("invoice", 2, CUSTOMERS[2])
    org.delete("invoice", 3)
    (delta,) = org.catch_up("invoice")
    owner = Ref(*CUSTOMERS[2])
    row: dict[str, Value] = {"invoiceid": invoice_id(2), "customerid": owner, "salesorderid": None}
    assert (delta.rows, delta.deleted) == ((row,), (invoice_id(3),))


def test_nothing_happened_is_one_request_whatever_the_size_of_the_table(org: Tracked) -> None:
    for number in range(30):
        org.put("invoice", number, None)
    org.begin("invoice")
    before = org.client.requests
    (delta,) = org.catch_up("invoice")
    assert (delta.rows, delta.deleted) == ((), ())
    assert org.client.requests - before == 1


def test_a_row_that_came_and_went_unseen_is_told_as_gone(org: Tracked) -> None:
    org.begin("contact")
    org.put("contact", 7, CUSTOMERS[0])
    org.delete("contact", 7)
    (delta,) = org.catch_up("contact")
    assert (delta.rows, delta.deleted) == ((), (contact_id(7),))


def test_only_the_last_of_several_pages_has_a_token(org: Tracked) -> None:
    org.page_size = 2
    for number in range(5):
        org.put("invoice", number, CUSTOMERS[0])
    first = list(org.deltas.first("invoice", COLUMNS["invoice"]))
    assert [(len(d.rows), d.token is not None) for d in first] == [
        (2, False), (2, False), (1, True),
    ]  # fmt: skip
    org.begin("invoice")
    for number in range(3):
        org.delete("invoice", number)
    org.put("invoice", 4, None)
    found = org.catch_up("invoice")
    assert [(len(d.rows), len(d.deleted), d.token is not None) for d in found] == [
        (1, 1, False), (0, 2, True),
    ]  # fmt: skip


@pytest.mark.parametrize("page_size", [3, 5000])
@pytest.mark.parametrize("seed", range(3))
def test_a_snapshot_with_its_deltas_equals_a_full_read(
    org: Tracked, seed: int, page_size: int
) -> None:
    dice = random.Random(seed)
    org.page_size = page_size
    alive: dict[str, set[int]] = {table: set() for table in COLUMNS}
    for table in COLUMNS:
        org.begin(table)
    for _ in range(12):
        for _ in range(dice.randrange(12)):
            _edit(org, dice, alive)
        for table in dice.sample(sorted(COLUMNS), dice.randint(1, 2)):
            org.catch_up(table)
            assert org.known[table] == org.full(table)


def _edit(org: Tracked, dice: random.Random, alive: dict[str, set[int]]) -> None:
    table, number = dice.choice(sorted(COLUMNS)), dice.randrange(15)
    if number in alive[table] and dice.random() < 0.4:
        org.delete(table, number)
        alive[table].discard(number)
    else:
        org.put(table, number, dice.choice((*CUSTOMERS, None)))
        alive[table].add(number)


def test_a_token_that_is_too_old_says_to_read_from_the_start(org: Tracked) -> None:
    org.begin("invoice")
    org.server.org.clock = lambda: NOW + timedelta(days=8)
    with pytest.raises(TokenExpired, match="read the table from the start"):
        org.catch_up("invoice")
    org.put("invoice", 1, CUSTOMERS[0])
    org.begin("invoice")
    assert org.known["invoice"] == org.full("invoice")
    assert org.catch_up("invoice")[-1].rows == ()


def test_a_table_without_change_tracking_says_how_to_turn_it_on(org: Tracked) -> None:
    with pytest.raises(NotTracked, match="Track changes"):
        list(org.deltas.first("task", ()))


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("invoice", "customerid.name", PermanentError),
        ("invoice", "nothing", MissingMetadata),
        ("nothing", "name", MissingMetadata),
    ],
)
def test_what_cannot_be_tracked_is_refused_before_anything_is_sent(
    org: Tracked, table: str, column: str, kind: type[Exception]
) -> None:
    before = org.client.requests
    with pytest.raises(kind):
        list(org.deltas.first(table, (column,)))
    assert org.client.requests == before


@pytest.mark.parametrize(
    "link",
    ["https://elsewhere.example/api/data/v9.2/accounts?$deltatoken=1", f"{API}../../x y"],
)
def test_a_delta_link_that_leads_elsewhere_is_not_followed(
    install: Install, client: Client, link: str
) -> None:
    _, organisation = install(lambda call: ok({"value": []}))
    with pytest.raises(PermanentError):
        list(Deltas(client, SCHEMA).since(Token("account", ("accountid",), link)))
    assert organisation.https == []


@pytest.mark.parametrize(
    "body",
    [b"<html>", {"value": 3}, {"value": []}, {"value": [{"@odata.context": "x/$deletedEntity"}]}],
)
def test_an_answer_that_is_no_page_of_changes_is_refused(
    install: Install, client: Client, body: object
) -> None:
    install(lambda call: (200, {}, body))
    with pytest.raises(PermanentError):
        list(Deltas(client, SCHEMA).first("account", ("name",)))


def test_links_go_back_as_they_came_with_the_same_wishes(install: Install, client: Client) -> None:
    next_link = f"{API}invoices?$select=x&$skiptoken=%3Ccookie%20a=%22%252f%22%2F%3E"
    delta_link = f"{API}invoices?$select=x&$deltatoken=919042%2108%2f22%2f2026%2008%3a10%3a44"
    answers = iter([{"@odata.nextLink": next_link}, {"@odata.deltaLink": delta_link}] * 2)
    _, organisation = install(lambda call: ok({"value": [], **next(answers)}))
    deltas = Deltas(client, SCHEMA)
    *_, last = deltas.first("invoice", ("customerid",))
    assert last.token == Token("invoice", ("invoiceid", "customerid"), delta_link)
    list(deltas.since(last.token))
    wishes = [call.headers["Prefer"].partition(",")[0] for call in organisation.calls]
    assert wishes == ["odata.track-changes"] * 2 + ["odata.maxpagesize=5000"] * 2
    assert all("lookuplogicalname" in call.headers["Prefer"] for call in organisation.calls)
