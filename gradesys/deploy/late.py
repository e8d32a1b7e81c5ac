"""Ids and numbers that the platform gives while a plan is carried out, read when needed."""

from __future__ import annotations

from gradesys.dataverse.client import Client
from gradesys.deploy.reading import FRESH, rows
from gradesys.errors import TemporaryError


def message_id(name: str, client: Client) -> str:
    """The id of the message that a new Custom API brings. Raises TemporaryError before that."""
    found = rows(client, "sdkmessages", ("sdkmessageid",), f"name eq '{name}'")
    if not found:
        raise TemporaryError(f"the message {name} is not there yet")
    return str(found[0]["sdkmessageid"])


def type_code(table: str, client: Client) -> int:
    """The number that layouts of views call a table by."""
    path = f"EntityDefinitions(LogicalName='{table}')?$select=ObjectTypeCode"
    return int(client.request("GET", path, headers=FRESH).json()["ObjectTypeCode"])
