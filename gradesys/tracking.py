"""The words of change tracking: what happened to a table, and up to where that is known."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from gradesys.records import Ref, Row


class Token(Struct, frozen=True):
    """Up to where a table's changes are known: its own ``columns`` are told, ``link`` is
    Dataverse's and goes back as it came. Other columns need a first read of their own."""

    table: str
    columns: tuple[str, ...]
    link: str


class Delta(Struct, frozen=True):
    """Some of what happened to a table: rows as they are now, ids of rows that are gone. Only the
    last of several has a token; the others have a ``place`` to go on from."""

    rows: tuple[Row, ...]
    deleted: tuple[str, ...]
    token: Token | None = None
    place: str | None = None


class FailedJob(Struct, frozen=True):
    """A webhook post that Dataverse gave up: of which step, about which row as far as is told, and
    when, as an instant."""

    id: str
    step: str
    completed: datetime
    regarding: Ref | None
