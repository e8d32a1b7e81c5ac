"""Much at once, measured on real processes: one busy record, a steady stream, a whole import."""

from __future__ import annotations

import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import pytest
import requests

from gradesys.marks.protocols import INTERVAL_S
from tests.canary import KEY
from tests.line.judge import wrong_records
from tests.line.running import Json, Line, eventually, running_line
from tests.line.samples import small_sample

pytestmark = [pytest.mark.long, pytest.mark.alone]
TYPE = "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"
RATE, STREAM_S = 50, 20
MANY = 5_000


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    data = small_sample(400)
    data["salesorder"] = []
    with running_line(data, tmp_path_factory.mktemp("bursts")) as line:
        line.resync()
        line.serve()
        yield line


def health(line: Line) -> Json:
    address = f"http://127.0.0.1:{line.service_port}/api/health"
    answer: Json = line.session.get(address, timeout=30).json()
    return answer


def runs(line: Line) -> int:
    """How often a record was recomputed since the service started."""
    times: Json = health(line)["times"]
    return int(times.get("event_to_stored", {"count": 0})["count"])


class Watcher:
    """Looks at a score all the time; ``seen`` are the moments at which it was another one."""

    def __init__(self, line: Line, account: str) -> None:
        self.seen: list[float] = []
        self._address = f"{line.url}/api/data/v9.2/accounts({account})?$select=gs_score"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        with requests.Session() as session:
            known = session.get(self._address, timeout=30).json()["gs_score"]
            while not self._stop.wait(0.05):
                score = session.get(self._address, timeout=30).json()["gs_score"]
                if score != known:
                    known = score
                    self.seen.append(time.monotonic())


def open_invoice(line: Line) -> Json:
    """An unpaid invoice of an account that each payment of it would raise."""
    rows = line.rows(
        "invoices?$select=_customerid_value&$filter=statecode eq 0"
        "&$expand=customerid_account($select=statecode,gs_score)"
    )
    return next(
        row
        for row in rows
        if (account := row["customerid_account"])
        and account["statecode"] == 0
        and account["gs_score"] < 30
    )


def paced(count: int, per_second: float, act: Callable[[int], None], threads: int) -> None:
    """Do something so often, evenly spread, whatever single calls take."""
    began = time.monotonic()

    def turn(number: int) -> None:
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        act(number)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(turn, range(count)))


def test_a_thousand_changes_of_one_record_in_ten_seconds(line: Line) -> None:
    invoice = open_invoice(line)
    path = f"invoices({invoice['invoiceid']})"

    def change(number: int) -> None:
        body = {"totalamount": 1_000_000 + number}
        assert line.api("PATCH", path, body, If_Match="*").status_code == 204

    line.api("PATCH", path, {"totalamount": 10, "statecode": 2}, If_Match="*")
    line.settle()
    time.sleep(INTERVAL_S)  # it has just been scored, and now it may be at once
    before = runs(line)
    with Watcher(line, invoice["_customerid_value"]) as watcher:
        began = time.monotonic()
        paced(1_000, 100, change, threads=8)
        line.api("PATCH", path, {"totalamount": 10}, If_Match="*")
        ended = time.monotonic()
        line.settle()
        time.sleep(0.2)
    first, last = watcher.seen[0] - began, watcher.seen[-1] - ended
    count = runs(line) - before
    print(
        f"1,001 changes in {ended - began:.1f} s: first result after {first:.2f} s, "
        f"last {last:.2f} s after the last change, {count} recomputes"
    )
    assert wrong_records(line) == []
    assert first <= 1.0
    assert last <= 3.0
    assert count <= 12 + max(0.0, ended - began - 10) / 1.2


def test_the_receiver_at_fifty_events_a_second(line: Line) -> None:
    invoices = line.rows("invoices?$select=invoiceid,_customerid_value")
    address = f"http://127.0.0.1:{line.service_port}/api/webhook"
    waits: list[float] = []
    statuses: list[int] = []

    def post(number: int) -> None:
        body = event_of(invoices[number % len(invoices)])
        began = time.monotonic()
        answer = requests.post(address, json=body, headers={"x-gs-key": KEY}, timeout=60)
        waits.append(time.monotonic() - began)
        statuses.append(answer.status_code)

    paced(RATE * STREAM_S, RATE, post, threads=16)
    p50, p99 = statistics.median(waits), statistics.quantiles(waits, n=100)[-1]
    print(f"{len(waits)} events at {RATE}/s: median {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    assert set(statuses) == {202}
    assert p99 < 0.5
    line.settle()


def event_of(invoice: Json) -> Json:
    """What the organisation posts when this invoice's amount changes."""
    customer = {
        "__type": "EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts",
        "Id": invoice["_customerid_value"],
        "LogicalName": invoice[TYPE],
    }
    row = {"Id": invoice["invoiceid"], "LogicalName": "invoice"}
    changed = [{"key": "totalamount_base", "value": {"__type": "Money:x", "Value": 7}}]
    image = [{"key": "customerid", "value": customer}]
    return {
        "MessageName": "Update",
        "PrimaryEntityName": "invoice",
        "PrimaryEntityId": invoice["invoiceid"],
        "InputParameters": [{"key": "Target", "value": row | {"Attributes": changed}}],
        "PreEntityImages": [{"key": "gs_pre", "value": row | {"Attributes": image}}],
        "PostEntityImages": [],
    }


def crowd() -> dict[str, list[Json]]:
    """Accounts with one unpaid invoice each, enough for a grade when it is paid."""
    ids = [
        (str(uuid.UUID(int=0xAC << 120 | n)), str(uuid.UUID(int=0x1D << 120 | n)))
        for n in range(MANY)
    ]
    accounts = [{"accountid": account, "name": "شرکت", "statecode": 0} for account, _ in ids]
    amounts = {"totalamount": 500_000, "totalamount_base": 500_000, "statecode": 0}
    invoices = [
        {"invoiceid": invoice, "_customerid_value": account, TYPE: "account", **amounts}
        for account, invoice in ids
    ]
    return {"account": accounts, "invoice": invoices}


def test_an_import_during_a_pause_drains_in_bulk_afterwards(tmp_path: Path) -> None:
    data = crowd()
    with running_line(data, tmp_path) as line:
        line.resync()
        line.serve()
        line.gradesys("pause", "--for", "1h", "--reason", "import")
        imported = [
            {
                "@odata.type": "Microsoft.Dynamics.CRM.invoice",
                "invoiceid": row["invoiceid"],
                "statecode": 2,
            }
            for row in data["invoice"]
        ]
        for start in range(0, MANY, 250):
            body = {"Targets": imported[start : start + 250]}
            path = "invoices/Microsoft.Dynamics.CRM.UpdateMultiple"
            assert line.api("POST", path, body).status_code < 300
        eventually(lambda: line.marks.stats().dirty == MANY, patience_s=300)
        assert health(line)["status"] == "yellow"
        line.reset_stats()
        line.gradesys("resume")
        began = time.monotonic()
        eventually(lambda: line.marks.stats().dirty == 0, patience_s=300)
        seconds, asked = time.monotonic() - began, line.stats()["requests"]
        print(f"{MANY:,} keys in {seconds:.1f} s: {asked} requests, {asked / MANY:.3f} a key")
        assert asked / MANY < 0.2
        assert wrong_records(line) == []
        line.reset_stats()
        assert line.resync()["written"] == 0
