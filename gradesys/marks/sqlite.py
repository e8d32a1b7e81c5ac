"""The connection that Marks and Ledger share on one machine: a sqlite file in WAL mode.

Several processes use the same file (serve, resync, recompute, status); a kill at any point leaves
it usable, because every change is one transaction.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tenacity import retry, retry_if_exception, stop_after_delay, wait_random

from gradesys.errors import StoreError
from gradesys.marks.sqlite_log import Log

SCHEMA = """
CREATE TABLE IF NOT EXISTS marks (
  key TEXT PRIMARY KEY, kind TEXT NOT NULL, tbl TEXT NOT NULL, id TEXT NOT NULL, via TEXT NOT NULL,
  gen INTEGER NOT NULL, begun INTEGER, dirty INTEGER NOT NULL, attempt INTEGER NOT NULL,
  due REAL NOT NULL, first_marked REAL NOT NULL, last_marked REAL NOT NULL, last_run REAL NOT NULL,
  lease REAL NOT NULL, owner TEXT, token TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS marks_due ON marks (due) WHERE dirty = 1;
CREATE TABLE IF NOT EXISTS parked (
  key TEXT NOT NULL, kind TEXT NOT NULL, tbl TEXT NOT NULL, id TEXT NOT NULL, via TEXT NOT NULL,
  part TEXT NOT NULL, reason TEXT NOT NULL, since REAL NOT NULL,
  PRIMARY KEY (key, part)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger (
  name TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
"""
FORMAT = 1
"""Of the file, kept as its ``user_version``; 0 is a new file."""
PATIENCE_S = 10.0
"""How long to wait for another writer: well below the minute after which a webhook has failed."""


class Database:
    """One sqlite connection a thread, all on the same file."""

    def __init__(self, path: Path) -> None:
        """Raises StoreError where the file cannot be made, is no file of marks, or a newer one."""
        self._path = path
        self._local = threading.local()
        self._writing = threading.Lock()
        self._log = Log(path)
        with _typed():
            path.parent.mkdir(parents=True, exist_ok=True)
        with self.transaction(lasting=False) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > FORMAT:
            raise StoreError(
                "the file of marks (GRADESYS_WORK) was written by a newer gradesys; update this one"
            )
        if version == 0:
            with _typed():
                self._session().connection.executescript(f"{SCHEMA}PRAGMA user_version = {FORMAT};")

    @contextmanager
    def transaction(
        self, lasting: bool = True, seen: Callable[[], None] | None = None
    ) -> Iterator[sqlite3.Connection]:
        """A write transaction: all or nothing, waiting its turn; one that need not be ``lasting``
        may be undone by a power cut, until a lasting one follows. ``seen`` is called as soon as
        everybody sees it, which is before it lasts. Raises StoreError."""
        with _typed():
            connection = self._session().connection
            # Between processes sqlite asks again ever more seldom; threads need not wait like that.
            with self._writing:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
                number = self._log.grown()
            if seen is not None:
                seen()
            if lasting:
                self._log.flush(number)

    def hurry(self) -> None:
        """Begin to make everything last that is committed, and wait for nothing."""
        self._log.hurry()

    def secure(self) -> None:
        """Wait until everything lasts that is committed. Raises StoreError."""
        with _typed():
            self._log.flush(self._log.commits)

    def read(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """The rows of one reading statement. Raises StoreError."""
        with _typed():
            return self._session().connection.execute(query, values).fetchall()

    def _session(self) -> _Session:
        session: _Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = _Session(self._path)
        return session


class _Session:
    """A thread's connection, closed when the thread or the database is gone."""

    def __init__(self, path: Path) -> None:
        # Whoever collects the session closes it, and that may be another thread.
        self.connection = sqlite3.connect(
            path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False
        )
        # First of all: what follows fails where the file is no database.
        weakref.finalize(self, self.connection.close)
        self.connection.row_factory = sqlite3.Row
        if _keep_log(self.connection):
            # A commit is seen at once, and is made to last afterwards (sqlite_log).
            self.connection.execute("PRAGMA synchronous = NORMAL")


def _is_busy(error: BaseException) -> bool:
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF == sqlite3.SQLITE_BUSY


@retry(
    retry=retry_if_exception(_is_busy),
    wait=wait_random(0.01, 0.05),
    stop=stop_after_delay(PATIENCE_S),
    reraise=True,
)
def _keep_log(connection: sqlite3.Connection) -> bool:
    """Keep a write-ahead log, where that can be. sqlite does not wait here: a new file that another
    process is just making a log for, or writes to before it has one, is busy at once."""
    mode: str = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    return mode == "wal"


@contextmanager
def _typed() -> Iterator[None]:
    """The store's own troubles as one of our errors."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"the file of marks (GRADESYS_WORK) cannot be used: {error}") from error
