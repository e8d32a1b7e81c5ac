"""Writes: their requests, and the fate of each row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import responses

from gradesys.changes import Change, Fate, Outcome
from gradesys.errors import (
    MissingMetadata,
    MissingPrivilege,
    PermanentError,
)
from gradesys.records import Plan, Ref, Value
from tests.dataverse.organisation import Call, Install, Reply, ok, refused
from tests.dataverse.sample import (
    ACCOUNT_ID,
    ACCOUNT_PAGE,
    ACCOUNTS,
    BUSY,
    GONE,
    INVOICE_PAGE,
    INVOICES,
    ONE,
    OTHER_ID,
    UPDATE_MULTIPLE,
    rows,
)


def score(id_: str = ACCOUNT_ID, points: int = 50) -> Change:
    return Change("account", id_, {"gs_score": Decimal(points)})


def numbered(count: int) -> list[Change]:
    return [score(f"ac000000-0000-4000-8000-{n:012d}") for n in range(count)]


def fates(outcomes: Sequence[Outcome]) -> list[Fate]:
    return [outcome.fate for outcome in outcomes]


def test_a_live_write_and_its_verification_are_one_request(install: Install) -> None:
    store, organisation = install(rows)
    written = store.write([score(), score(OTHER_ID)], Plan((ACCOUNTS, INVOICES), ONE))
    assert fates(written.outcomes) == [Fate.WRITTEN, Fate.WRITTEN]
    assert list(written.pages) == [ACCOUNT_PAGE, INVOICE_PAGE]
    assert organisation.https == ["POST $batch"]
    assert [call.method for call in organisation.calls] == ["PATCH", "PATCH", "GET", "GET"]
    assert organisation.calls[0].path == f"accounts({ACCOUNT_ID})"
    assert organisation.calls[0].headers["If-Match"] == "*"


def test_a_write_that_had_to_be_repeated_is_verified_afterwards(install: Install) -> None:
    waiting = [BUSY]
    store, organisation = install(
        lambda call: waiting.pop() if waiting and OTHER_ID in call.path else rows(call)
    )
    written = store.write([score(), score(OTHER_ID)], Plan((ACCOUNTS,), ONE))
    assert fates(written.outcomes) == [Fate.WRITTEN, Fate.WRITTEN]
    assert [(call.method, call.path[:46]) for call in organisation.calls[3:]] == [
        ("PATCH", f"accounts({OTHER_ID})"),
        ("GET", organisation.calls[2].path[:46]),
    ]


def test_two_changes_of_a_row_never_share_a_request(install: Install) -> None:
    for verify in (Plan((ACCOUNTS,), ONE), None):
        store, organisation = install(rows)
        changes = [score(points=1), score(OTHER_ID, 2), score(points=3)]
        written = store.write(changes, verify)
        assert [outcome.change for outcome in written.outcomes] == changes
        assert len(organisation.https) == 2
        assert "3" in str(organisation.calls[-1 if verify is None else -2].body)


def test_nothing_to_write_is_only_verified(install: Install) -> None:
    store, organisation = install(rows)
    assert store.write([], Plan((ACCOUNTS,), ONE)).pages == (ACCOUNT_PAGE,)
    assert store.write([]).outcomes == ()
    assert len(organisation.https) == 1


ROW_REFUSALS = [
    (GONE, Fate.GONE, "404 0x80040217"),
    (refused(400, "", "account With Ids = 1 Do Not Exist"), Fate.GONE, "400"),
    (refused(400, "0x80040203", "option 7 does not exist"), Fate.REFUSED, "400 0x80040203"),
    (refused(400, "0x8004022e", "no"), Fate.CLOSED, "400 0x8004022e"),
    (refused(400, "", "Cannot Update a Read-Only Entity"), Fate.CLOSED, "400"),
    (refused(403, "0x80048306", "no access"), Fate.REFUSED, "403 0x80048306"),
    (refused(400, "0x80044331", "'Secret' is too long"), Fate.REFUSED, "400 0x80044331"),
    (refused(503), Fate.FAILED, "503"),
]


@pytest.mark.parametrize(("reply", "fate", "reason"), ROW_REFUSALS)
@pytest.mark.parametrize(
    "way", [("account", None), ("invoice", None), ("account", Plan((ACCOUNTS,), ONE))]
)
def test_a_refused_row_has_a_fate_of_its_own(
    install: Install, reply: Reply, fate: Fate, reason: str, way: tuple[str, Plan | None]
) -> None:
    table, verify = way

    def respond(call: Call) -> Reply:
        bad = call.method != "GET" and OTHER_ID in f"{call.path} {call.body}"
        return reply if bad else rows(call)

    column = "gs_score" if table == "account" else "quantity"
    store, _ = install(respond)
    written = store.write(
        [Change(table, id_, {column: Decimal(1)}) for id_ in (ACCOUNT_ID, OTHER_ID)], verify
    )
    good, bad = written.outcomes
    assert (bad.fate, bad.reason) == (fate, reason)
    together = table == "account" and verify is None and fate is Fate.FAILED
    assert good.fate is (Fate.FAILED if together else Fate.WRITTEN)


@pytest.mark.parametrize("verify", [None, Plan((ACCOUNTS,), ONE)])
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused(403, "0x80040220", "prvWriteAccount"), MissingPrivilege),
        (refused(400, "0x80048d19", "property 'x' does not exist on type 'y'"), MissingMetadata),
    ],
)
def test_what_concerns_every_row_is_raised(
    install: Install, reply: Reply, kind: type[Exception], verify: Plan | None
) -> None:
    store, _ = install(lambda call: rows(call) if call.method == "GET" else reply)
    with pytest.raises(kind):
        store.write(numbered(20), verify)


def test_many_rows_go_by_bulk_updates_of_a_chunk_each(install: Install) -> None:
    store, organisation = install(rows)
    changes = numbered(45)
    written = store.write(changes)
    assert [outcome.change for outcome in written.outcomes] == changes
    assert set(fates(written.outcomes)) == {Fate.WRITTEN}
    assert organisation.https == [f"POST {UPDATE_MULTIPLE}"] * 3
    targets = [target for call in organisation.calls for target in call.body["Targets"]]
    assert sorted(target["accountid"] for target in targets) == [c.id for c in changes]
    assert targets[0] == {
        "@odata.type": "Microsoft.Dynamics.CRM.account",
        "accountid": targets[0]["accountid"],
        "gs_score": 50,
    }


@pytest.mark.parametrize("bad", [[0], [13], [3, 4, 19]])
def test_a_refused_chunk_is_halved_down_to_the_bad_rows(install: Install, bad: list[int]) -> None:
    changes = numbered(20)
    broken = [changes[i].id for i in bad]

    def respond(call: Call) -> Reply:
        text = f"{call.path} {call.body}"
        return GONE if any(id_ in text for id_ in broken) else ok()

    store, organisation = install(respond)
    written = store.write(changes)
    expected = [Fate.GONE if i in bad else Fate.WRITTEN for i in range(20)]
    assert fates(written.outcomes) == expected
    assert len(organisation.https) < 10


@pytest.mark.parametrize(
    "reply", [refused(400, "0x80044151", "SQL timeout"), refused(500, "0x80040216")]
)
def test_pressure_on_the_database_is_eased_by_halving(install: Install, reply: Reply) -> None:
    def respond(call: Call) -> Reply:
        return reply if len(call.body["Targets"]) > 10 else ok()

    store, _ = install(respond)
    assert set(fates(store.write(numbered(20)).outcomes)) == {Fate.WRITTEN}


def test_a_bulk_update_that_is_not_there_after_all_is_replaced(install: Install) -> None:
    absent = refused(404, "0x8006088a", f"Resource not found for the segment '{UPDATE_MULTIPLE}'.")
    store, organisation = install(lambda call: absent if call.method == "POST" else ok())
    assert set(fates(store.write(numbered(20)).outcomes)) == {Fate.WRITTEN}
    assert organisation.https == [f"POST {UPDATE_MULTIPLE}", "POST $batch"]


def test_a_table_without_bulk_updates_goes_by_batches(install: Install) -> None:
    store, organisation = install(rows)
    changes = [Change("invoice", c.id, {"quantity": Decimal(1)}) for c in numbered(150)]
    assert set(fates(store.write(changes).outcomes)) == {Fate.WRITTEN}
    assert organisation.https == ["POST $batch"] * 2


def test_a_temporary_failure_of_everything_is_told_row_by_row(install: Install) -> None:
    store, organisation = install(lambda call: refused(503))
    outcomes = store.write(numbered(20)).outcomes
    assert fates(outcomes) == [Fate.FAILED] * 20
    assert len(organisation.https) == 6


@pytest.mark.parametrize(
    "change",
    [
        Change("account", ACCOUNT_ID, {"gs_score": Decimal(1), "name": "Secret"}),
        Change("contact", ACCOUNT_ID, {"gs_score": Decimal(1)}),
        Change("account", "me", {"gs_score": Decimal(1)}),
        Change("account", ACCOUNT_ID, {"gs_score": Decimal("NaN")}),
        Change("account", ACCOUNT_ID, {"gs_score": Ref("account", ACCOUNT_ID)}),
    ],
)
@pytest.mark.parametrize("verify", [None, Plan((ACCOUNTS,), ONE)])
def test_what_must_not_be_written_is_refused_before_anything_is_sent(
    install: Install, change: Change, verify: Plan | None
) -> None:
    store, organisation = install(rows)
    with pytest.raises(PermanentError):
        store.write([score(), change], verify)
    assert organisation.https == []


@pytest.mark.parametrize(
    ("column", "value", "sent"),
    [
        ("gs_score", Decimal("1E+3"), b'"gs_score":1000'),
        ("gs_score", Decimal("1234567890123456.50"), b'"gs_score":1234567890123456.50'),
        ("gs_grade", Decimal("921500000.0"), b'"gs_grade":921500000}'),
        ("gs_reasons", "دلیل", '"gs_reasons":"دلیل"'.encode()),
        ("gs_reasons", None, b'"gs_reasons":null'),
        ("gs_scoredon", datetime(2026, 3, 1, 8, tzinfo=UTC), b'"2026-03-01T08:00:00Z"'),
        ("gs_belowsince", date(2026, 3, 1), b'"2026-03-01"'),
    ],
)
def test_a_value_is_written_as_its_column_takes_it(
    install: Install, mock: responses.RequestsMock, column: str, value: Value, sent: bytes
) -> None:
    store, _ = install(rows)
    store.write([Change("account", ACCOUNT_ID, {column: value})])
    body: Any = mock.calls[0].request.body
    assert sent in body


def test_a_row_of_our_own_is_put_by_its_id(install: Install) -> None:
    store, organisation = install(rows)
    store.put_row("contact", ACCOUNT_ID.upper(), {"gs_score": Decimal(1)})
    (call,) = organisation.calls
    assert (call.method, call.path, call.body) == (
        "PATCH",
        f"contacts({ACCOUNT_ID})",
        {"gs_score": 1},
    )
    assert "If-Match" not in call.headers


@pytest.mark.parametrize(
    ("table", "values", "kind"),
    [
        ("account", {"gs_score": Decimal(1)}, PermanentError),
        ("gs_run", {}, MissingMetadata),
        ("contact", {"nothing": None}, MissingMetadata),
    ],
)
def test_a_row_that_is_not_our_own_is_never_created(
    install: Install, table: str, values: dict[str, Value], kind: type[Exception]
) -> None:
    store, organisation = install(rows)
    with pytest.raises(kind):
        store.put_row(table, ACCOUNT_ID, values)
    assert organisation.https == []
