"""The words of change tracking: what happened to a table, and up to where that is known."""

from __future__ import annotations

from dataclasses import dataclass

from gradesys.records import Row


@dataclass(frozen=True, slots=True)
class Token:
    """Up to where a table's changes are known: its own ``columns`` are told, ``link`` is
    Dataverse's and goes back as it came. Other columns need a first read of their own."""

    table: str
    columns: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Delta:
    """Some of what happened to a table: rows as they are now, ids of rows that are gone. Only the
    last of several has a token."""

    rows: tuple[Row, ...]
    deleted: tuple[str, ...]
    token: Token | None = None
