"""Up to where each table's changes are known, as the ledger remembers it.

The first reading of a large table takes longer than a function may run, so how far it came is
remembered too. Two that store at once do no harm: the first one's token stays, and it is older.
"""

from __future__ import annotations

from gradesys.marks.protocols import Ledger
from gradesys.tracking import Token

Columns = tuple[str, ...]


def known_token(ledger: Ledger, table: str) -> tuple[Token | None, int]:
    """The token of a table, and the version of its entry."""
    entry = ledger.get(_token(table))
    if not entry.value:
        return None, entry.version
    return Token(table, tuple(entry.value["columns"]), entry.value["link"]), entry.version


def keep_token(ledger: Ledger, token: Token, version: int) -> None:
    """Store it over that version of the entry."""
    value = {"columns": list(token.columns), "link": token.link}
    ledger.put_if(_token(token.table), value, version)


def reading_place(ledger: Ledger, table: str, columns: Columns) -> str | None:
    """Where a first reading for these columns goes on; None: at the beginning."""
    value = ledger.get(_reading(table)).value
    return value["link"] if value.get("columns") == list(columns) else None


def keep_reading_place(ledger: Ledger, table: str, columns: Columns, link: str | None) -> None:
    """Remember how far a first reading came; None: forget it."""
    entry = ledger.get(_reading(table))
    value = {"columns": list(columns), "link": link} if link else {}
    if entry.value != value:
        ledger.put_if(_reading(table), value, entry.version)


def _token(table: str) -> str:
    return f"delta/{table}"


def _reading(table: str) -> str:
    return f"delta_reading/{table}"
