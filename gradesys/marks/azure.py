"""The connection that Marks and Ledger share on Azure: two tables, and the queue that rings.

Tables and queue are made when they are first used, so a service starts before its storage answers.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from azure.core import MatchConditions
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.data.tables import (
    TableEntity,
    TableErrorCode,
    TableServiceClient,
    TableTransactionError,
    UpdateMode,
)
from azure.storage.queue import QueueServiceClient, TextBase64EncodePolicy

from gradesys.errors import StoreError
from gradesys.marks.azure_account import Token, open_clients

FORMAT = 1
"""Of rows. Those without a format are read too: they differ in nothing else."""
WHERE = "the marks on Azure (GRADESYS_STORAGE)"
LONGEST_S = 7 * 86_400
"""The longest delay that a queue accepts; longer ones would be refused."""
THREADS = 8
TOGETHER = 100
"""Rows that one transaction changes."""
CHANGED = (TableErrorCode.UPDATE_CONDITION_NOT_SATISFIED, TableErrorCode.RESOURCE_NOT_FOUND)
"""A transaction failed because a row was changed by somebody else, or is gone."""
Item = TypeVar("Item")
Found = TypeVar("Found")
DIRTY, LEDGER, EVENTS = "gsdirty", "gsledger", "gs-events"


class Storage:
    """A storage account. Raises SettingsError for a place that may not be used."""

    def __init__(self, place: str, token: Token) -> None:
        tables, queues = open_clients(place, token)
        self.address = str(tables.url)
        weakref.finalize(self, tables.close)
        weakref.finalize(self, queues.close)
        self.dirty = Rows(tables, DIRTY)
        self.ledger = Rows(tables, LEDGER)
        self.events = Doorbell(queues, EVENTS)


class Rows:
    """One table, whose rows are only changed by whoever has seen them. Raises StoreError."""

    def __init__(self, service: TableServiceClient, name: str) -> None:
        self._table = _Made(lambda: service.create_table_if_not_exists(name))

    def get(self, partition: str, row: str) -> TableEntity | None:
        """A row as it is now, with its ETag."""
        with _typed():
            try:
                return _readable(self._table().get_entity(partition, row))
            except ResourceNotFoundError:
                return None

    def find(self, query: str, most: int | None = None, **values: object) -> list[TableEntity]:
        """The rows of an OData filter, with ``@name`` for each value; all, or the first ones."""
        with _typed():
            rows = self._table().query_entities(query, parameters=values, results_per_page=most)
            return [_readable(row) for row in islice(rows, most)]

    def insert(self, cells: Mapping[str, Any]) -> bool:
        """Add a row; False when there is one already."""
        with _typed():
            try:
                self._table().create_entity({**cells, "format": FORMAT})
            except ResourceExistsError:
                return False
            return True

    def put(self, cells: Mapping[str, Any]) -> None:
        """Add or replace a row, whoever wrote it last."""
        with _typed():
            self._table().upsert_entity({**cells, "format": FORMAT}, mode=UpdateMode.REPLACE)

    def swap(self, seen: TableEntity, cells: Mapping[str, Any]) -> bool:
        """Replace a row; False when it is no longer as it was seen."""
        with _typed():
            try:
                self._table().update_entity(
                    {**cells, "format": FORMAT}, mode=UpdateMode.REPLACE, **_unchanged(seen)
                )
            except (ResourceModifiedError, ResourceNotFoundError):
                return False
            return True

    def swap_all(self, pairs: Sequence[tuple[TableEntity, Mapping[str, Any]]]) -> bool:
        """Replace rows of one partition, at most ``TOGETHER``: all, or none and False when one of
        them is no longer as it was seen."""
        if len(pairs) < 2:
            return all(self.swap(*pair) for pair in pairs)
        how = {"mode": UpdateMode.REPLACE}
        changes = [("update", {**c, "format": FORMAT}, {**how, **_unchanged(s)}) for s, c in pairs]
        with _typed():
            try:
                self._table().submit_transaction(changes)
            except TableTransactionError as error:
                if getattr(error, "error_code", None) in CHANGED:
                    return False
                raise
            return True

    def drop(self, seen: TableEntity) -> None:
        """Delete a row, unless it is no longer as it was seen."""
        with _typed():
            try:
                self._table().delete_entity(seen, **_unchanged(seen))
            except (ResourceModifiedError, ResourceNotFoundError):
                return


class Doorbell:
    """The queue that wakes workers. Raises StoreError."""

    def __init__(self, service: QueueServiceClient, name: str) -> None:
        client = service.get_queue_client(name, message_encode_policy=TextBase64EncodePolicy())

        def make() -> Any:
            try:
                client.create_queue()
            except ResourceExistsError:
                return client
            return client

        self._queue = _Made(make)

    def ring(self, text: str, delay_s: int) -> None:
        """Send a message that is seen after the delay, and never grows too old."""
        with _typed():
            delay_s = min(delay_s, LONGEST_S)
            self._queue().send_message(text, visibility_timeout=delay_s, time_to_live=-1)


class _Made:
    """Something that is made once, when it is first used."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: Any = None

    def __call__(self) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def side_by_side(act: Callable[[Item], Found], items: Collection[Item]) -> list[Found]:
    """Do something with each, several at once: one after another requests would take long."""
    if len(items) <= 1:
        return [act(item) for item in items]
    with ThreadPoolExecutor(min(THREADS, len(items))) as pool:
        return list(pool.map(act, items))


@contextmanager
def _typed() -> Iterator[None]:
    """The store's own troubles as one of our errors, without what the service says in full."""
    try:
        yield
    except HttpResponseError as error:
        code = getattr(error, "error_code", None) or type(error).__name__
        raise StoreError(f"{WHERE} refuse: {error.status_code} {code}") from error
    except AzureError as error:
        raise StoreError(f"{WHERE} do not answer: {type(error).__name__}") from error


def _unchanged(seen: TableEntity) -> dict[str, Any]:
    return {"etag": seen.metadata["etag"], "match_condition": MatchConditions.IfNotModified}


def _readable(row: TableEntity) -> TableEntity:
    if row.get("format", 0) > FORMAT:
        raise StoreError(f"{WHERE} were written by a newer version of gradesys")
    return row
