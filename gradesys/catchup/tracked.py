"""What change tracking tells and no event did: changed rows become marks, a quarter-hour late.

For each table that the rules read and that is tracked, a token of the ledger says up to where its
changes are known. A new token is stored only after the marks of what came before it are durable,
so a kill repeats and never skips. The first token costs one reading of the table in which nothing
is marked: what happened before it is for events and the nightly resync (docs/decisions/007).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from gradesys.catchup.demands import demand
from gradesys.catchup.tokens import keep_reading_place, keep_token, known_token, reading_place
from gradesys.engine import Context
from gradesys.errors import MissingPrivilege, PermanentError
from gradesys.records import Key
from gradesys.rules.rowevents import followed, keys_of_deleted, keys_of_rows, readers
from gradesys.tracking import Delta, Token

ROUNDS = "catchup"
"""Where the ledger keeps the sums of the last round."""
MANY = 50_000
"""From so many changed rows of a table on, one resync costs less than a mark for each."""


class Changes(Protocol):
    """Change tracking of one organisation; see ``dataverse.deltas``."""

    def tracked(self, tables: Collection[str]) -> frozenset[str]:
        """Those of the tables whose changes are tracked."""

    def first(
        self, table: str, columns: tuple[str, ...], place: str | None = None
    ) -> Iterator[Delta]:
        """Every row of a table, or those after a delta's place; the last delta has a token."""

    def since(self, token: Token) -> Iterator[Delta]:
        """What happened after a token; the last delta has a token."""


class State(StrEnum):
    """How far a table's changes are known."""

    UNTRACKED = "not tracked"
    BEGUN = "begun"
    FOLLOWED = "followed"
    LOST = "lost, begun again"
    REFUSED = "refused"


class Caught(Struct):
    """What was found of one table. ``unknown``: deleted rows that belonged to somebody, nobody can
    tell whom; ``why``: why changes were lost, or the table could not be read."""

    state: State = State.FOLLOWED
    changed: int = 0
    deleted: int = 0
    marked: int = 0
    unknown: int = 0
    why: str = ""


class _Look(Struct, frozen=True):
    context: Context
    changes: Changes
    table: str
    columns: tuple[str, ...]
    caught: Caught


def catch_up(context: Context, changes: Changes) -> Iterator[tuple[str, Caught]]:
    """Look at one table after the other. Raises what keeps us from all of them (TemporaryError,
    SettingsError, StoreError); a table that may not be read is told as refused."""
    tables = followed(context.rulebook)
    tracked = changes.tracked(tables)
    for table, columns in tables.items():
        look = _Look(context, changes, table, columns, Caught())
        if table in tracked:
            _attempt(look)
        else:
            look.caught.state = State.UNTRACKED
        yield table, look.caught


def _attempt(look: _Look) -> None:
    try:
        _follow(look)
    except PermanentError as error:
        look.caught.state, look.caught.why = State.REFUSED, str(error)


def _follow(look: _Look) -> None:
    known, version = known_token(look.context.ledger, look.table)
    # Other rules may need other columns, which an old token does not tell. The new one is taken
    # first, so that the changes since the old one reach beyond its beginning.
    fresh = None if known is not None and known.columns == look.columns else _begin(look)
    token = fresh if known is None else _go_on(look, known, fresh)
    if token is not None:
        kept = replace(token, columns=look.columns)
        keep_token(look.context.ledger, kept, version)


def _go_on(look: _Look, known: Token, fresh: Token | None) -> Token | None:
    """Mark what happened since ``known``; the token to keep, ``fresh`` where there is one."""
    try:
        last = _mark_since(look, known)
    except MissingPrivilege:
        raise
    except PermanentError as error:
        # However the organisation words it: the old token tells nothing any more.
        begun = fresh or _begin(look)
        look.caught.state, look.caught.why = State.LOST, str(error)
        _demand(look)
        return begun
    return fresh or last


def _begin(look: _Look) -> Token | None:
    """A token of now. There is no way to one but through the whole table, ids and lookups only."""
    ledger, token = look.context.ledger, None
    place = reading_place(ledger, look.table, look.columns)
    try:
        for delta in look.changes.first(look.table, look.columns, place):
            keep_reading_place(ledger, look.table, look.columns, delta.place)
            token = delta.token
    except PermanentError:
        keep_reading_place(ledger, look.table, look.columns, None)
        raise
    look.caught.state = State.BEGUN
    return token


def _mark_since(look: _Look, known: Token) -> Token | None:
    rulebook, caught, token = look.context.rulebook, look.caught, None
    for delta in look.changes.since(known):
        caught.changed += len(delta.rows)
        caught.deleted += len(delta.deleted)
        if caught.changed <= MANY:
            _mark(look, keys_of_rows(rulebook, look.table, delta.rows))
        _mark(look, keys_of_deleted(rulebook, look.table, delta.deleted))
        token = delta.token
    if look.columns:
        caught.unknown = caught.deleted
    if caught.changed > MANY:
        caught.why = f"more than {MANY:,} rows changed"
        _demand(look)
    return token


def _mark(look: _Look, keys: frozenset[Key]) -> None:
    if keys:
        look.context.marks.mark(keys)
        look.caught.marked += len(keys)


def _demand(look: _Look) -> None:
    models = readers(look.context.rulebook, look.table)
    demand(look.context.ledger, models, f"{look.table}: {look.caught.why}")
