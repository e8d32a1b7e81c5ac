"""Reads: their requests, and the pages made of the answers."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from gradesys.errors import (
    MissingMetadata,
    MissingPrivilege,
    PermanentError,
    TemporaryError,
)
from gradesys.records import (
    Page,
    Plan,
    Read,
    Scope,
)
from tests.dataverse.organisation import API, Call, Install, Reply, ok, refused
from tests.dataverse.sample import (
    ACCOUNT_ID,
    ACCOUNT_PAGE,
    ACCOUNTS,
    ALL,
    BUSY,
    INVOICE_PAGE,
    INVOICES,
    ONE,
    rows,
)


@pytest.mark.parametrize(
    ("reads", "pages", "https"),
    [
        ((ACCOUNTS,), [ACCOUNT_PAGE], ["GET accounts"]),
        ((ACCOUNTS, INVOICES), [ACCOUNT_PAGE, INVOICE_PAGE], ["POST $batch"]),
        ((), [], []),
    ],
)
def test_some_records_take_one_request_whatever_is_read(
    install: Install, reads: tuple[Read, ...], pages: list[Page], https: list[str]
) -> None:
    store, organisation = install(rows)
    assert list(store.pages(Plan(reads, ONE))) == pages
    assert organisation.https == https


def test_further_pages_are_followed_with_the_same_preferences(install: Install) -> None:
    def respond(call: Call) -> Reply:
        number = int((re.findall(r"skiptoken=(\d)", call.path) or ["0"])[0])
        link = f"{API}accounts?$skiptoken={number + 1}" if number < 2 else None
        row = {"accountid": ACCOUNT_ID, "gs_score": number}
        return ok({"value": [row], **({"@odata.nextLink": link} if link else {})})

    for scope in (ONE, ALL):
        store, organisation = install(respond)
        pages = list(store.pages(Plan((ACCOUNTS,), scope)))
        assert [page.rows[0]["gs_score"] for page in pages] == [0, 1, 2]
        assert {call.headers["Prefer"] for call in organisation.calls} == {"odata.maxpagesize=5000"}


@pytest.mark.parametrize(("count", "https"), [(10, "GET accounts"), (200, "POST $batch")])
def test_an_address_that_may_be_too_long_goes_in_a_batch_and_so_does_that_of_its_next_page(
    install: Install, count: int, https: str
) -> None:
    ids = tuple(str(UUID(int=number)) for number in range(1, count + 1))

    def respond(call: Call) -> Reply:
        row = {"accountid": ids[0], "gs_score": 1}
        if "skiptoken" in call.path:
            return ok({"value": [row]})
        link = f"{API}{call.path}&$skiptoken=1".replace(" ", "%20")
        return ok({"value": [row], "@odata.nextLink": link})

    store, organisation = install(respond)
    pages = list(store.pages(Plan((ACCOUNTS,), Scope("account", ids))))
    assert len(pages) == 2
    assert organisation.https == [https] * 2


def test_a_link_to_another_host_is_not_followed(install: Install) -> None:
    elsewhere = "http://elsewhere.example/api/data/v9.2/accounts"
    store, _ = install(lambda call: ok({"value": [], "@odata.nextLink": elsewhere}))
    with pytest.raises(PermanentError):
        list(store.pages(Plan((ACCOUNTS,), ALL)))


def test_whole_tables_are_read_side_by_side(install: Install) -> None:
    store, organisation = install(rows)
    pages = list(store.pages(Plan((ACCOUNTS, INVOICES), ALL)))
    assert sorted(page.read.table for page in pages) == ["account", "invoice"]
    assert sorted(organisation.https) == ["GET accounts", "GET invoices"]


@pytest.mark.parametrize("scope", [ONE, ALL])
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused(403, "0x80040220", "prvReadInvoice"), MissingPrivilege),
        (refused(400, "0x80060888", "Could not find a property named 'x'"), MissingMetadata),
        (BUSY, TemporaryError),
    ],
)
def test_a_read_that_fails_fails_the_plan(
    install: Install, scope: Scope, reply: Reply, kind: type[Exception]
) -> None:
    store, _ = install(lambda call: reply if call.path.startswith("invoices") else rows(call))
    with pytest.raises(kind):
        list(store.pages(Plan((ACCOUNTS, INVOICES), scope)))


def test_a_part_that_failed_for_a_moment_is_read_again_alone(install: Install) -> None:
    waiting = [BUSY, BUSY]
    store, organisation = install(
        lambda call: waiting.pop() if waiting and "invoices" in call.path else rows(call)
    )
    assert list(store.pages(Plan((ACCOUNTS, INVOICES), ONE))) == [ACCOUNT_PAGE, INVOICE_PAGE]
    assert [call.path.partition("?")[0] for call in organisation.calls] == [
        "accounts",
        "invoices",
        "invoices",
        "invoices",
    ]


def test_small_questions_take_one_request_each(install: Install) -> None:
    answers = {
        "WhoAmI": ok({"OrganizationId": ACCOUNT_ID.upper()}),
        "accounts?$select=accountid&$top=1&$count=true": ok({"@odata.count": 17, "value": []}),
    }
    store, organisation = install(lambda call: answers[call.path])
    store.ping()
    assert store.organization_id() == ACCOUNT_ID
    assert store.count("account") == 17
    assert len(organisation.https) == 3
