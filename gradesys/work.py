"""Where marks and ledger are kept: a sqlite file, or the storage account that the settings name."""

from __future__ import annotations

import functools

from msgspec import Struct
from msgspec.structs import replace

from gradesys.budget.bucket import Limit
from gradesys.budget.gate import Budget
from gradesys.budget.shared import Times
from gradesys.dataverse.auth import token_source
from gradesys.marks.protocols import Ledger, Marks
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.org import credentials_of
from gradesys.settings import Settings

REQUESTS = 5_400
"""Of the 6,000 that Dataverse takes from a user in 300 s: other programs, and commands that run
without marks, need some."""


class Work(Struct, frozen=True):
    """The two stores, and how to speak of where they are."""

    marks: Marks
    ledger: Ledger
    place: str

    def budget(self, settings: Settings) -> Budget:
        """This process's part in the rate budget of all that share these stores."""
        requests = settings.request_limit or (None if settings.loopback else REQUESTS)
        limit = None if requests is None else Limit(requests)
        return Budget(self.ledger, limit, Times(self.marks.clock))


def open_work(settings: Settings) -> Work:
    """Open the stores. Raises SettingsError for a place that may not be used, and StoreError for a
    file that cannot; a storage account is asked when it is first used."""
    if settings.storage:
        return _on_azure(settings)
    database = Database(settings.work)
    return Work(SqliteMarks(database), SqliteLedger(database), str(settings.work))


def _on_azure(settings: Settings) -> Work:
    """The SDK takes its time to be imported, so only who uses it does."""
    from gradesys.marks.azure import Storage
    from gradesys.marks.azure_account import AUDIENCE
    from gradesys.marks.azure_ledger import AzureLedger
    from gradesys.marks.azure_marks import AzureMarks

    credentials = replace(credentials_of(settings), url=AUDIENCE)
    source = functools.cache(lambda: token_source(credentials))
    storage = Storage(settings.storage, lambda: source()())
    return Work(AzureMarks(storage), AzureLedger(storage), storage.address)
