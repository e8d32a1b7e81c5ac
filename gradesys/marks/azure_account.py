"""Which storage account the settings name, and how we sign in to it.

With the service's own identity; a connection string holds a key, so it is for Azurite on this
machine only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from azure.core.credentials import AccessToken
from azure.data.tables import TableServiceClient
from azure.storage.queue import LinearRetry, QueueServiceClient

from gradesys.errors import SettingsError
from gradesys.settings import is_loopback

AUDIENCE = "https://storage.azure.com"
ADDRESS = re.compile(
    r"(?:https://)?(?P<name>[a-z0-9]{3,24})"
    r"(?:\.(?:blob|queue|table)\.(?P<suffix>[a-z0-9.-]+))?/?"
)
PATIENCE: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 10}
"""A webhook has failed after a minute; its sender repeats it when told so before."""
TABLES: dict[str, Any] = {"retry_total": 2, "retry_backoff_factor": 0.3, **PATIENCE}
QUEUES: dict[str, Any] = {"retry_policy": LinearRetry(backoff=1, retry_total=2), **PATIENCE}
Token = Callable[[], str | None]
Clients = tuple[TableServiceClient, QueueServiceClient]


def open_clients(place: str, token: Token) -> Clients:
    """Clients of the account's tables and queues; nothing is asked yet. Raises SettingsError."""
    return _azurite(place) if "=" in place else _account(place, token)


def _azurite(place: str) -> Clients:
    try:
        tables = TableServiceClient.from_connection_string(place, **TABLES)
        queues = QueueServiceClient.from_connection_string(place, **QUEUES)
    except ValueError:
        # Not even as the cause: the text may hold an account's key.
        raise SettingsError("GRADESYS_STORAGE is no connection string") from None
    if not (is_loopback(tables.url) and is_loopback(queues.url)):
        raise SettingsError(
            "GRADESYS_STORAGE takes a connection string for Azurite on this machine only; "
            "name the account, and sign in with an identity"
        )
    return tables, queues


def _account(place: str, token: Token) -> Clients:
    found = ADDRESS.fullmatch(place)
    if found is None:
        raise SettingsError("GRADESYS_STORAGE is the name or the https address of an account")
    address = f"https://{found['name']}.{{}}.{found['suffix'] or 'core.windows.net'}"
    identity = _Identity(token)
    return (
        TableServiceClient(address.format("table"), credential=identity, **TABLES),
        QueueServiceClient(address.format("queue"), credential=identity, **QUEUES),
    )


class _Identity:
    """Our sign-in as the SDK wants it. MSAL remembers tokens, so the SDK need not."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken(self._token() or "", int(time.time()) + 60)
