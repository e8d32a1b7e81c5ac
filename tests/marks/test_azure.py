"""What is Azure's own: the doorbell, the formats, who may sign in where, and its troubles."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import responses
from azure.data.tables import UpdateMode

from gradesys.errors import SettingsError, StoreError
from gradesys.marks.azure import DIRTY, LEDGER, Storage
from gradesys.marks.azure_cells import SILENCE_S
from gradesys.marks.azure_ledger import AzureLedger
from gradesys.marks.azure_marks import AzureMarks
from gradesys.marks.doorbell import read_ring, write_ring
from gradesys.marks.protocols import INTERVAL_S, LEASE_S, Marks
from gradesys.records import Key, KeyKind
from tests.azurite.account import AzurePlace
from tests.clock import Clock

A = Key(KeyKind.TARGET, "account", "a")
B = Key(KeyKind.EXPAND, "account", "b", "down salesorder customerid")
NOWHERE = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=c2VjcmV0;"
    "TableEndpoint=http://127.0.0.1:1/devstoreaccount1;"
    "QueueEndpoint=http://127.0.0.1:1/devstoreaccount1"
)


@pytest.fixture
def marks(azure_place: AzurePlace, clock: Clock) -> Marks:
    return azure_place.marks(clock)


def run(marks: Marks, key: Key) -> None:
    """Claim, begin and acknowledge a key."""
    (message,) = marks.claim(1, [key])
    assert marks.begin(message)
    marks.done(message)


def test_a_quiet_key_rings_once_however_often_it_is_marked(
    marks: Marks, azure_place: AzurePlace
) -> None:
    for _ in range(5):
        marks.mark([A])
    assert [read_ring(text) for text in azure_place.rings()] == [A]


def test_each_key_rings_for_itself(marks: Marks, azure_place: AzurePlace) -> None:
    marks.mark([A, B])
    assert {read_ring(text) for text in azure_place.rings()} == {A, B}


def test_a_mark_during_the_run_rings_when_the_run_ends(
    marks: Marks, azure_place: AzurePlace, clock: Clock
) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.begin(message)
    marks.mark([A])
    assert azure_place.waiting() == 1
    clock.forward(INTERVAL_S)
    marks.done(message)
    assert [read_ring(text) for text in azure_place.rings()] == [A, A]


def test_a_handled_key_rings_no_more(marks: Marks, azure_place: AzurePlace) -> None:
    marks.mark([A])
    run(marks, A)
    assert azure_place.waiting() == 1


def test_a_key_that_is_marked_right_after_its_run_rings_again(
    marks: Marks, azure_place: AzurePlace
) -> None:
    marks.mark([A])
    run(marks, A)
    marks.mark([A])
    assert azure_place.waiting() == 2


def test_a_retry_rings_after_its_delay(marks: Marks, azure_place: AzurePlace) -> None:
    marks.mark([A])
    assert len(azure_place.rings()) == 1
    (message,) = marks.claim(1)
    marks.begin(message)
    marks.retry(message, 600)
    assert (azure_place.waiting(), azure_place.rings()) == (1, [])


@pytest.mark.parametrize(("silence", "rings"), [(SILENCE_S - 1, 0), (SILENCE_S + 1, 1)])
def test_a_mark_whose_message_got_lost_rings_again(
    marks: Marks, azure_place: AzurePlace, clock: Clock, silence: float, rings: int
) -> None:
    marks.mark([A])
    assert len(azure_place.rings()) == 1
    clock.forward(silence)
    marks.sweep()
    marks.sweep()
    assert [read_ring(text) for text in azure_place.rings()] == [A] * rings


def test_a_key_that_is_being_handled_is_not_rung_for(
    marks: Marks, azure_place: AzurePlace, clock: Clock
) -> None:
    marks.mark([A])
    clock.forward(SILENCE_S)
    marks.claim(1)
    clock.forward(LEASE_S - 1)
    marks.sweep()
    assert azure_place.waiting() == 1
    clock.forward(1)
    marks.sweep()
    assert azure_place.waiting() == 2


def test_a_process_claims_no_more_than_it_can_prolong(
    marks: Marks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradesys.marks.azure_cells.HOLD", 3)
    marks.mark([Key(KeyKind.TARGET, "account", name) for name in "abcdefg"])
    first, second = marks.claim(5), marks.claim(5)
    assert (len(first), len(second)) == (3, 1)
    marks.begin(*first)
    marks.done(*first)
    assert len(marks.claim(5)) == 2


def test_a_quiet_key_is_due_on_a_machine_whose_clock_is_late(
    azure_place: AzurePlace, clock: Clock
) -> None:
    late = Clock()
    clock.forward(30)
    azure_place.marks(clock).mark([A])
    assert [message.key for message in azure_place.marks(late).claim(1, [A])] == [A]


def test_marks_of_many_at_once_are_all_counted(azure_place: AzurePlace, clock: Clock) -> None:
    stores = [azure_place.marks(clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda marks: [marks.mark([A]) for _ in range(5)], stores))
    (row,) = azure_place.table(DIRTY).list_entities()
    assert (row["gen"], len(azure_place.rings())) == (20, 1)


def test_of_many_who_want_a_key_one_gets_it(azure_place: AzurePlace, clock: Clock) -> None:
    stores = [azure_place.marks(clock) for _ in range(4)]
    stores[0].mark([A])
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda marks: marks.claim(1), stores))
    assert sum(map(len, claims)) == 1


def without_format(row: dict[str, Any]) -> dict[str, Any]:
    del row["format"]
    return row


def of_the_past(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "format": 0, "rung": None}


def rewrite(place: AzurePlace, name: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """Put every row of a table as another version would have written it."""
    with place.table(name) as table:
        for row in list(table.list_entities()):
            table.upsert_entity(change(dict(row)), mode=UpdateMode.REPLACE)


@pytest.mark.parametrize("version", [without_format, of_the_past])
def test_rows_of_an_older_version_are_processed(
    marks: Marks, azure_place: AzurePlace, version: Callable[[dict[str, Any]], Any]
) -> None:
    ledger = azure_place.ledger()
    marks.mark([A])
    ledger.put_if("run/1", {"n": 1}, 0)
    rewrite(azure_place, DIRTY, version)
    rewrite(azure_place, LEDGER, version)
    run(marks, A)
    assert marks.waiting([A]) == set()
    assert ledger.put_if("run/1", {"n": 2}, ledger.get("run/1").version)


def test_rows_of_a_newer_version_are_left_to_it(marks: Marks, azure_place: AzurePlace) -> None:
    marks.mark([A])
    rewrite(azure_place, DIRTY, lambda row: {**row, "format": 2})
    with pytest.raises(StoreError, match="newer version"):
        marks.claim(1, [A])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (write_ring(A), A),
        (write_ring(B), B),
        (json.dumps({"kind": "target", "table": "account", "id": "a"}), A),
        (json.dumps({"format": 0, "kind": "target", "table": "account", "id": "a"}), A),
        (json.dumps({"format": 2, "kind": "target", "table": "account", "id": "a"}), None),
        (json.dumps({"kind": "wish", "table": "account", "id": "a"}), None),
        (json.dumps({"kind": "target", "table": ["account"], "id": 7}), None),
        ("ring", None),
        ("", None),
        ("[]", None),
        ("7", None),
        ("[" * 100_000, None),
    ],
)
def test_a_message_names_a_key_or_any(text: str, key: Key | None) -> None:
    assert read_ring(text) == key


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (NOWHERE.replace("127.0.0.1", "storage.example"), "this machine only"),
        (NOWHERE.replace("127.0.0.1", "storage.example", 1), "this machine only"),
        ("AccountName=contosograde;AccountKey=c2VjcmV0", "this machine only"),
        ("AccountKey=c2VjcmV0", "no connection string"),
        ("c2VjcmV0=", "no connection string"),
        ("http://contosograde.table.core.windows.net", "name or the https address"),
        ("https://contosograde.table.core.windows.net?sig=c2VjcmV0", "no connection string"),
        ("https://contosograde.table.core.windows.net/gsdirty", "name or the https address"),
        ("Contoso Grade", "name or the https address"),
    ],
)
def test_a_place_that_may_not_be_used_is_refused_and_not_repeated(place: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as refused:
        Storage(place, lambda: None)
    assert "c2VjcmV0" not in str(refused.value) + repr(refused.value.__context__)


@pytest.mark.parametrize(
    ("place", "host"),
    [
        ("contosograde", "contosograde.table.core.windows.net"),
        ("https://contosograde.queue.core.windows.net/", "contosograde.table.core.windows.net"),
        (
            "https://contosograde.table.core.chinacloudapi.cn",
            "contosograde.table.core.chinacloudapi.cn",
        ),
    ],
)
@responses.activate
def test_an_account_is_asked_over_https_with_our_own_sign_in(place: str, host: str) -> None:
    there = {"odata.error": {"code": "TableAlreadyExists"}}
    responses.post(f"https://{host}/Tables", status=409, json=there)
    row = f"https://{host}/gsledger(PartitionKey='ledger',RowKey='a')"
    responses.get(row, status=404, json={"odata.error": {"code": "ResourceNotFound"}})
    tokens = iter(["first", "second"])
    ledger = AzureLedger(Storage(place, lambda: next(tokens)))
    assert ledger.get("a").version == 0
    asked = [call.request.headers["Authorization"] for call in responses.calls]
    assert asked == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize(
    "use",
    [
        lambda marks, ledger: marks.mark([A]),
        lambda marks, ledger: marks.claim(1),
        lambda marks, ledger: marks.stats(),
        lambda marks, ledger: marks.park(A, "", "refused"),
        lambda marks, ledger: ledger.get("name"),
        lambda marks, ledger: ledger.put_if("name", {}, 0),
    ],
)
def test_a_storage_that_does_not_answer_is_a_trouble_of_the_store(
    use: Callable[[Marks, AzureLedger], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    storage = Storage(NOWHERE, lambda: None)
    with pytest.raises(StoreError, match="GRADESYS_STORAGE"):
        use(AzureMarks(storage), AzureLedger(storage))


def test_a_wrong_key_of_the_account_is_a_trouble_of_the_store(connection: str) -> None:
    head, _, rest = connection.partition("AccountKey=")
    wrong = f"{head}AccountKey=c2VjcmV0;{rest.partition(';')[2]}"
    with pytest.raises(StoreError, match="403") as refused:
        AzureMarks(Storage(wrong, lambda: None)).mark([A])
    assert "c2VjcmV0" not in str(refused.value)
