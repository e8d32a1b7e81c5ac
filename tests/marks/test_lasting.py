"""What outlasts a power cut: the file of marks waits for the disk where it must, and only there."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

import pytest

from gradesys.errors import StoreError
from gradesys.marks.protocols import Message
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_log import Log
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Key, KeyKind

A = Key(KeyKind.TARGET, "account", "a")
Use = Callable[[SqliteMarks, SqliteLedger, Message], object]


class Disk:
    """Notes what is waited for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: list[str] = []
        self._open = os.open
        monkeypatch.setattr(os, "open", self._opened)
        monkeypatch.setattr(os, "fsync", self._waited)

    def _opened(self, path: str, flags: int, mode: int = 0o777) -> int:
        self._last = path
        return self._open(path, flags, mode)

    def _waited(self, file: int) -> None:
        self.files.append(Path(self._last).name)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.mark.parametrize(
    ("use", "waits"),
    [
        (lambda marks, ledger, claim: marks.mark([A]), 1),
        (lambda marks, ledger, claim: [marks.begin(claim), marks.secure()], 1),
        (lambda marks, ledger, claim: marks.retry(claim, 1), 1),
        (lambda marks, ledger, claim: marks.park(A, "", "why"), 1),
        (lambda marks, ledger, claim: ledger.put_if("name", {}, 0), 1),
        (lambda marks, ledger, claim: marks.claim(1), 0),
        (lambda marks, ledger, claim: marks.done(claim), 0),
        (lambda marks, ledger, claim: marks.stats(), 0),
    ],
    ids=["mark", "begin", "retry", "park", "put_if", "claim", "done", "stats"],
)
def test_what_must_not_be_forgotten_waits_for_the_disk(
    tmp_path: Path, disk: Disk, use: Use, waits: int
) -> None:
    database = Database(tmp_path / "work.sqlite")
    marks, ledger = SqliteMarks(database), SqliteLedger(database)
    marks.mark([A, Key(KeyKind.TARGET, "account", "b")])
    (claim,) = marks.claim(1, [A])
    disk.files.clear()
    use(marks, ledger, claim)
    assert disk.files == ["work.sqlite-wal"] * waits


def test_a_worker_may_see_a_mark_before_it_lasts_and_the_caller_goes_on_after(
    tmp_path: Path, disk: Disk
) -> None:
    marks = SqliteMarks(Database(tmp_path / "work.sqlite"))
    disk.files.clear()
    told: list[tuple[set[Key], int]] = []
    marks.mark([A], lambda: told.append((marks.waiting([A]), len(disk.files))))
    assert (told, len(disk.files)) == ([({A}, 0)], 1)


def test_a_run_may_read_before_its_beginning_lasts_and_write_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks, free = SqliteMarks(Database(tmp_path / "work.sqlite")), Event()
    marks.mark([A])
    monkeypatch.setattr(os, "fsync", lambda file: free.wait(10) or pytest.fail("nobody let it go"))
    assert marks.begin(*marks.claim(1))
    with ThreadPoolExecutor(1) as pool:
        secured = pool.submit(marks.secure)
        assert not wait([secured], 0.05).done
        free.set()
        secured.result(10)


def test_a_wait_for_the_disk_serves_every_commit_before_it(tmp_path: Path, disk: Disk) -> None:
    (tmp_path / "file-wal").write_bytes(b"two commits")
    log = Log(tmp_path / "file")
    first, second = log.grown(), log.grown()
    log.flush(second)
    log.flush(first)
    assert len(disk.files) == 1
    log.flush(log.grown())
    assert len(disk.files) == 2


def test_a_disk_that_refuses_is_a_trouble_of_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError("no space left")

    marks = SqliteMarks(Database(tmp_path / "work.sqlite"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="no space left"):
        marks.mark([A])


def test_where_sqlite_keeps_no_log_it_has_waited_itself(tmp_path: Path, disk: Disk) -> None:
    log = Log(tmp_path / "nowhere")
    log.flush(log.grown())
    assert disk.files == []
