"""One organisation: its definitions, its rows, and who hears about changes.

Writers take turns in one transaction; every reader has a connection of its own and sees the
last committed state (WAL), so a slow reader never holds up a writer.
"""

import queue
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from emulator.blank import lay
from emulator.changes import Change, StoredRow
from emulator.definitions import (
    Catalogue,
    Choice,
    Definitions,
    ManyToMany,
    Relationship,
    Table,
    encode,
    parse_catalogue,
)
from emulator.rows import files, schema, tombstones
from emulator.rows.fetch import fetch_row, fetch_rows
from emulator.rows.intersects import intersect_table
from emulator.rows.transaction import Transaction

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class _Shape(Struct, frozen=True):
    """The definitions with their version: published together, after the commit."""

    definitions: Definitions
    version: int


class Organization:
    """``path`` is the database file, None a temporary one; ``clock`` gives every stamp.

    ``guards`` are called with each change inside its transaction and may add to it or refuse
    it; ``listeners`` are called after the commit. ``metadata_version`` grows with every
    customization.
    """

    def __init__(
        self, path: Path | None = None, *, clock: Clock = utc_now, strict_closed: bool = False
    ) -> None:
        self.clock = clock
        self.strict_closed = strict_closed
        self.guards: list[Callable[[Transaction, Change], None]] = []
        self.listeners: list[Callable[[Change], None]] = []
        self._folder = None if path else tempfile.TemporaryDirectory(prefix="emulator-")
        self._path = str(path) if self._folder is None else f"{self._folder.name}/org.db"
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._turn = threading.RLock()
        self._current: Transaction | None = None
        self._owner: int | None = None
        self.is_new = lay(self._path)
        self._writer = schema.open_database(self._path)
        definitions = self._stored_definitions()
        tombstones.prepare(self._writer)
        files.prepare(self._writer)
        (version,) = self._writer.execute('SELECT last FROM "@version"').fetchone()
        self._shape = self._next_shape = _Shape(definitions, version)

    @property
    def definitions(self) -> Definitions:
        """The committed definitions; inside an own transaction those it has made so far."""
        return (self._next_shape if self.is_writing else self._shape).definitions

    @property
    def metadata_version(self) -> int:
        """The version of the definitions."""
        return (self._next_shape if self.is_writing else self._shape).version

    @property
    def is_writing(self) -> bool:
        """Whether this thread is inside a transaction."""
        return self._owner == threading.get_ident()

    def now(self) -> str:
        """The clock as a stored date-time: UTC, whole seconds, ending in Z."""
        return self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing; inside another transaction of the same thread it joins that one.

        Listeners are called after the commit, in the order of the changes.
        """
        if self.is_writing and self._current is not None:
            yield self._current
            return
        with self._turn:
            changes = yield from self._committed()
            # Still in turn, so that listeners hear of changes in the order of their commits.
            for change in changes:
                for listener in list(self.listeners):
                    listener(change)

    def _committed(self) -> Generator[Transaction, None, list[Change]]:
        self._writer.execute("BEGIN IMMEDIATE")
        self._current = Transaction(self, self._writer)
        self._owner = threading.get_ident()
        try:
            yield self._current
            self._writer.execute('UPDATE "@version" SET last = ?', [self._current.version])
            self._writer.execute("COMMIT")
            self._shape = self._next_shape
        except BaseException:
            self._writer.execute("ROLLBACK")
            self._next_shape = self._shape
            raise
        else:
            return self._current.changes
        finally:
            self._owner = self._current = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A consistent view of the last commit, or of the own transaction when inside one."""
        if self.is_writing:
            yield self._writer
            return
        connection = self._idle_reader()
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("COMMIT")
            self._readers.put(connection)

    def row(self, table: str, row_id: str) -> StoredRow | None:
        """One stored row by its guid."""
        with self.reading() as connection:
            return fetch_row(connection, self.definitions.tables[table], row_id)

    def rows(self, table: str, **equal: Any) -> list[dict[str, Any]]:
        """The stored rows whose named columns have these stored values (all without any)."""
        with self.reading() as connection:
            return fetch_rows(connection, self.definitions.tables[table], equal)

    def define_table(self, table: Table) -> None:
        """Create the table, or bring the existing one to this definition."""
        before = self.definitions.tables.get(table.name)
        with self.transaction() as tx:
            if before is None:
                schema.create_table(tx.connection, table)
            else:
                schema.alter_table(tx.connection, before, table)
            self._redefine(tables=self.definitions.tables | {table.name: table})

    def remove_table(self, name: str) -> None:
        """Delete a table with its rows and its relationships (and the lookups to it)."""
        for link in list(self.definitions.many_to_many.values()):
            if name in (link.first, link.second):
                self.remove_link(link.name)
        links = {
            item.name: item
            for item in self.definitions.many_to_many.values()
            if item.intersect != name
        }
        relationships = {
            item.name: item
            for item in self.definitions.relationships.values()
            if name not in (item.parent, item.child)
        }
        with self.transaction() as tx:
            schema.drop_table(tx.connection, self.definitions.tables[name])
            tables = {key: item for key, item in self.definitions.tables.items() if key != name}
            self._redefine(tables=tables, relationships=relationships, links=links)

    def define_relationship(self, relationship: Relationship) -> None:
        """Add or replace a relationship; its lookup column is defined with the table."""
        with self.transaction():
            self._redefine(
                relationships=self.definitions.relationships | {relationship.name: relationship}
            )

    def remove_relationship(self, name: str) -> None:
        with self.transaction():
            left = {k: v for k, v in self.definitions.relationships.items() if k != name}
            self._redefine(relationships=left)

    def define_link(self, link: ManyToMany) -> None:
        """Add a many-to-many relationship with the table of its links."""
        codes = [table.type_code for table in self.definitions.tables.values()]
        with self.transaction():
            self.define_table(intersect_table(link, 1 + max(codes)))
            self._redefine(links=self.definitions.many_to_many | {link.name: link})

    def remove_link(self, name: str) -> None:
        """Delete a many-to-many relationship with the table of its links."""
        intersect = self.definitions.many_to_many[name].intersect
        with self.transaction() as tx:
            schema.drop_table(tx.connection, self.definitions.tables[intersect])
            tables = {k: v for k, v in self.definitions.tables.items() if k != intersect}
            links = {
                k: v for k, v in self.definitions.many_to_many.items() if v.intersect != intersect
            }
            self._redefine(tables=tables, links=links)

    def define_choice(self, choice: Choice) -> None:
        """Add or replace a global choice."""
        with self.transaction():
            self._redefine(choices=self.definitions.choices | {choice.name: choice})

    def remove_choice(self, name: str) -> None:
        with self.transaction():
            left = {k: v for k, v in self.definitions.choices.items() if k != name}
            self._redefine(choices=left)

    def close(self) -> None:
        """Close every idle connection; the organisation is not usable afterwards."""
        with self._turn:
            self._writer.close()
        while not self._readers.empty():
            self._readers.get().close()
        if self._folder is not None:
            self._folder.cleanup()

    def _idle_reader(self) -> sqlite3.Connection:
        try:
            return self._readers.get_nowait()
        except queue.Empty:
            return schema.open_database(self._path)

    def _stored_definitions(self) -> Definitions:
        (body,) = self._writer.execute('SELECT body FROM "@definitions"').fetchone()
        return Definitions(parse_catalogue(body))

    def _redefine(
        self,
        tables: dict[str, Table] | None = None,
        relationships: dict[str, Relationship] | None = None,
        choices: dict[str, Choice] | None = None,
        links: dict[str, ManyToMany] | None = None,
    ) -> None:
        old = self.definitions
        catalogue = Catalogue(
            list((old.tables if tables is None else tables).values()),
            list((old.relationships if relationships is None else relationships).values()),
            list((old.many_to_many if links is None else links).values()),
            list((old.choices if choices is None else choices).values()),
        )
        self._writer.execute('UPDATE "@definitions" SET body = ?', [encode(catalogue)])
        with self.transaction() as tx:
            self._next_shape = _Shape(Definitions(catalogue), tx.next_version())
