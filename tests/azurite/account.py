"""An emulated storage account: the stores on it, and what somebody else would see there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from azure.data.tables import TableClient, TableServiceClient
from azure.storage.queue import QueueServiceClient, TextBase64DecodePolicy

from gradesys.marks.azure import EVENTS, Storage
from gradesys.marks.azure_ledger import AzureLedger
from gradesys.marks.azure_marks import AzureMarks
from gradesys.marks.protocols import Ledger, Marks


@dataclass(frozen=True, slots=True)
class AzurePlace:
    connection: str

    def storage(self) -> Storage:
        return Storage(self.connection, lambda: None)

    def marks(self, clock: Callable[[], float] = time.time) -> Marks:
        return AzureMarks(self.storage(), clock)

    def ledger(self) -> Ledger:
        return AzureLedger(self.storage())

    def rings(self) -> list[str]:
        """Take the messages that can be heard now, as the Functions host hands them over."""
        with QueueServiceClient.from_connection_string(self.connection) as queues:
            client = queues.get_queue_client(EVENTS, message_decode_policy=TextBase64DecodePolicy())
            messages = list(client.receive_messages(max_messages=32))
            for message in messages:
                client.delete_message(message)
            return [str(message.content) for message in messages]

    def waiting(self) -> int:
        """How many messages there are, heard or not."""
        with QueueServiceClient.from_connection_string(self.connection) as queues:
            found = queues.get_queue_client(EVENTS).get_queue_properties()
            return int(found.approximate_message_count or 0)

    def table(self, name: str) -> TableClient:
        """A table as somebody else would see and change it."""
        return TableClient.from_connection_string(self.connection, name)

    def empty(self) -> None:
        """Begin anew."""
        with TableServiceClient.from_connection_string(self.connection) as tables:
            for table in tables.list_tables():
                tables.delete_table(table.name)
        with QueueServiceClient.from_connection_string(self.connection) as queues:
            for queue in queues.list_queues():
                queues.get_queue_client(queue.name).clear_messages()
