"""Rows of which only that they changed is known, as events: what change tracking can tell.

A webhook says what was written and who was the parent before. A changed row says only how it is
now: every column of it may be new, and who was its parent before is unknown, which is not «nobody».
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gradesys.records import Event, Key, KeyKind, Ref, Row, Value
from gradesys.rules.affected import affected
from gradesys.rules.dependencies import watches
from gradesys.rules.pool import identity
from gradesys.rules.rulebook import Rulebook
from gradesys.rules.subscriptions import lookups_up


def followed(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """The tables whose rows matter, by name, and of each the columns that lead up from a row."""
    scored = {model.model.table for model in rulebook.models}
    known = (rulebook.watches.keys() | scored) & rulebook.schema.keys()
    return {table: _ways_up(rulebook, table) for table in sorted(known)}


def _ways_up(rulebook: Rulebook, table: str) -> tuple[str, ...]:
    columns = rulebook.schema[table].columns
    wanted = lookups_up(rulebook.watches.get(table, frozenset()))
    return tuple(name for name in wanted if name in columns)


def readers(rulebook: Rulebook, table: str) -> tuple[str, ...]:
    """The ids of the models that score this table or read it."""
    return tuple(
        model.model.id
        for model in rulebook.models
        if model.model.table == table
        or any(watch.table == table for watch in watches(model, rulebook.schema))
    )


def keys_of_rows(rulebook: Rulebook, table: str, rows: Iterable[Row]) -> frozenset[Key]:
    """The keys to mark for rows that are new or changed; each has the columns of ``followed``."""
    ends, id_column = _ends(rulebook, table), rulebook.schema[table].id_column
    lookups = _ways_up(rulebook, table)
    found: set[Key] = set()
    for row in rows:
        after = {name: _ref(row[name], ends.get(name)) for name in lookups if name in row}
        event = unknown_change("", table, identity(row[id_column]), after)
        found |= affected(rulebook, event)
    return frozenset(found)


def keys_of_deleted(rulebook: Rulebook, table: str, ids: Iterable[str]) -> frozenset[Key]:
    """The keys to mark for rows that are gone: those that they led down to, and their own, so that
    what was parked is forgotten. Whom they belonged to nobody knows any more."""
    scored = bool(rulebook.by_table(table))
    found: set[Key] = set()
    for id_ in ids:
        found |= affected(rulebook, unknown_change("Delete", table, id_))
        if scored:
            found.add(Key(KeyKind.TARGET, table, id_))
    return frozenset(found)


def unknown_change(
    message: str, table: str, id_: str, after: Mapping[str, Ref | None] | None = None
) -> Event:
    """A change of which little more than the row is told."""
    # Create stands for whatever leaves a row: nothing says that its scored record is not new.
    return Event("Delete" if message == "Delete" else "Create", table, id_, "", after=after)


def _ends(rulebook: Rulebook, table: str) -> dict[str, str]:
    """Of a table of links, where its columns lead to: they are ids, not lookups."""
    relations = {one for each in rulebook.schema.values() for one in each.many}
    ends = [end for one in relations if one.intersect == table for end in one.ends]
    return {column: there for there, column in ends}


def _ref(value: Value, table: str | None) -> Ref | None:
    if value is None or isinstance(value, Ref):
        return value
    return Ref(table or "", identity(value))
