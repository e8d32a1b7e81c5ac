"""A file of marks that cannot be used is one typed error, whoever meets it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from gradesys.errors import StoreError
from gradesys.marks import sqlite
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Key, KeyKind

A = Key(KeyKind.TARGET, "account", "a")


def in_the_way(folder: Path) -> Path:
    (folder / "file").write_text("a file where a folder should be", encoding="utf-8")
    return folder / "file" / "work.sqlite"


def something_else(folder: Path) -> Path:
    path = folder / "work.sqlite"
    path.write_text("this was never a database", encoding="utf-8")
    return path


def from_tomorrow(folder: Path) -> Path:
    path = folder / "work.sqlite"
    Database(path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {sqlite.FORMAT + 1}")
    connection.close()
    return path


@pytest.mark.parametrize("place", [in_the_way, something_else, from_tomorrow])
def test_a_place_that_cannot_be_used_is_refused_at_the_start(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    with pytest.raises(StoreError, match="GRADESYS_WORK"):
        Database(place(tmp_path))


@pytest.mark.parametrize(
    "use",
    [
        lambda marks, ledger: marks.mark([A]),
        lambda marks, ledger: marks.claim(1),
        lambda marks, ledger: marks.stats(),
        lambda marks, ledger: marks.parked(),
        lambda marks, ledger: marks.waiting([A]),
        lambda marks, ledger: ledger.get("name"),
        lambda marks, ledger: ledger.list("name"),
    ],
)
def test_a_file_that_somebody_emptied_is_a_trouble_of_the_store(
    tmp_path: Path, use: Callable[[SqliteMarks, SqliteLedger], object]
) -> None:
    database = Database(tmp_path / "work.sqlite")
    with database.transaction() as connection:
        connection.execute("DROP TABLE marks")
        connection.execute("DROP TABLE parked")
        connection.execute("DROP TABLE ledger")
    with pytest.raises(StoreError, match="no such table"):
        use(SqliteMarks(database), SqliteLedger(database))


def test_who_opens_a_new_file_waits_for_whoever_is_making_it(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as maker, ThreadPoolExecutor(1) as us:
        maker.execute("BEGIN IMMEDIATE")
        opening = us.submit(Database, path)
        with pytest.raises(TimeoutError):
            opening.result(0.1)
        maker.execute("COMMIT")
        SqliteMarks(opening.result()).mark([A])


def opened(path: Path, together: Barrier) -> int:
    """How many keys wait, once all that open the file are there."""
    together.wait()
    return SqliteMarks(Database(path)).stats().dirty


def test_several_that_open_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as several:
        for number in range(20):
            path, together = tmp_path / f"{number}.sqlite", Barrier(4)
            tries = [several.submit(opened, path, together) for _ in range(4)]
            assert [each.result() for each in tries] == [0] * 4


def test_a_file_that_stays_locked_is_a_trouble_of_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_S", 0.01)
    marks = SqliteMarks(Database(tmp_path / "work.sqlite"))
    other = sqlite3.connect(tmp_path / "work.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        marks.mark([A])
    other.close()
    marks.mark([A])
    assert marks.waiting([A]) == {A}
