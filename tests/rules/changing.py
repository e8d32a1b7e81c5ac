"""Random changes of rows and links, with the events that their steps would send.

The tables are those of a generated case: small, so that rows move, break and point at one another
all the time. Each change says what it was an example of.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from gradesys.records import Column, Event, Kind, Ref, Row, Schema, Value
from gradesys.rules.linkevents import RELATED, RELATIONSHIP
from gradesys.rules.pool import identity

Tables = Mapping[str, Mapping[str, Row]]
"""Table -> id -> row."""
LINKS = "listmember"
TRAITS = ("reparent", "delete", "null", "boundary day", "tie", "cross-type id", "link", "bare body")
"""What a change can be an example of."""


@dataclass(frozen=True)
class Edit:
    """The tables after one change, the event that tells of it, and what it is an example of."""

    tables: Tables
    event: Event
    traits: frozenset[str]


@dataclass(frozen=True)
class Changer:
    """Makes changes in the tables of ``schema``. ``images``: (table, message) -> the lookups that
    the step's pre-image holds. ``linked``: the table whose records the links are of."""

    dice: random.Random
    schema: Schema
    images: Mapping[tuple[str, str], Sequence[str]]
    linked: str
    today: date

    def edit(self, tables: Tables) -> Edit:
        """Create, update or delete one row, or make or break one link."""
        if self.dice.random() < 0.12:
            return self._link(tables)
        table = self.dice.choice(sorted(set(self.schema) - {LINKS}))
        id = self.dice.choice([*tables[table], f"new{self.dice.randrange(3)}"])
        old = tables[table].get(id)
        goes = old is not None and self.dice.random() < 0.3 and not _is_held(table, id, tables)
        new = None if goes else self._row(tables, table, id)
        if old is not None and new is not None:
            touched = self.dice.sample(sorted(new.keys() & old.keys() - {f"{table}id"}), 1)
            touched += self.dice.sample(sorted(new), self.dice.choice([0, 0, 1]))
            new = {**old, **{name: new[name] for name in touched}, f"{table}id": id}
        rows = {key: row for key, row in tables[table].items() if key != id}
        after = {**tables, table: rows if new is None else {**rows, id: new}}
        event, bare = self._told(table, id, old, new)
        return Edit(after, event, self._traits(tables, table, (old, new)) | bare)

    def _row(self, tables: Tables, table: str, id: str) -> Row:
        columns = self.schema[table].columns.values()
        return {c.name: id if c.kind is Kind.ID else self._cell(tables, table, c) for c in columns}

    def _cell(self, tables: Tables, table: str, column: Column) -> Value:
        if self.dice.random() < 0.12:
            return None
        if column.kind is Kind.LOOKUP:
            target = self.dice.choice(column.targets)
            return Ref(target, self.dice.choice([*tables[target], "gone"]))
        if column.kind in (Kind.DATE, Kind.INSTANT) and self.dice.random() < 0.3:
            day = self.today + timedelta(days=self.dice.choice([-30, -1, 0, 1]))
            return day if column.kind is Kind.DATE else datetime.combine(day, time(20, 30), UTC)
        known = [row[column.name] for row in tables[table].values() if column.name in row]
        return self.dice.choice(known) if known else None

    def _link(self, tables: Tables) -> Edit:
        """A link of the scored table's records to a list, made or broken."""
        old = tables[LINKS]
        id = self.dice.choice(sorted(old)) if old and self.dice.random() < 0.5 else ""
        if id:
            row = old[id]
            rows = {key: each for key, each in old.items() if key != id}
        else:
            ends = (self.dice.choice([*tables[name], "gone"]) for name in (self.linked, "list"))
            row = dict(zip(("entityid", "listid"), ends, strict=True))
            id = f"m{len(old)}x{self.dice.randrange(10**6)}"
            rows = {**old, id: {**row, "listmemberid": id}}
        refs = [Ref(self.linked, identity(row["entityid"])), Ref("list", identity(row["listid"]))]
        self.dice.shuffle(refs)
        parameters = {RELATIONSHIP: f"list{self.linked}_association", RELATED: (refs[1],)}
        message = "Disassociate" if len(rows) < len(old) else "Associate"
        event = Event(message, *refs[0], "org", parameters=parameters)
        return Edit({**tables, LINKS: rows}, event, frozenset({"link"}))

    def _told(
        self, table: str, id: str, old: Row | None, new: Row | None
    ) -> tuple[Event, frozenset[str]]:
        """What the step would send; now and then a body says less than it could."""
        message = "Create" if old is None else "Delete" if new is None else "Update"
        image = self.images.get((table, message), ())
        before = None if old is None or not image else _lookups(old, image)
        names = {**(old or {}), **(new or {})}
        changed = frozenset(n for n in names if (old or {}).get(n) != (new or {}).get(n))
        after = None if new is None else _lookups(new, changed if old is not None else new)
        known = changed if message == "Update" else None
        event = Event(message, table, id, "org", before, after, known)
        bare = self._bared(event)
        return bare, frozenset({"bare body"} if bare != event else ())

    def _bared(self, event: Event) -> Event:
        """What can be looked up, or was never told, may be missing."""
        if event.message == "Create" and self.dice.random() < 0.3:
            return replace(event, after=None)
        if event.message == "Update" and self.dice.random() < 0.3:
            return replace(event, changed=None)
        if event.message == "Update" and not event.after and self.dice.random() < 0.3:
            return replace(event, before=None, after=None)
        return event

    def _traits(
        self, tables: Tables, table: str, rows: tuple[Row | None, Row | None]
    ) -> frozenset[str]:
        old, new = rows
        if new is None:
            return frozenset({"delete"})
        changed = {name: value for name, value in new.items() if (old or {}).get(name) != value}
        values, found = list(changed.values()), set[str]()
        refs = [value for value in values if isinstance(value, Ref)]
        days = [value for value in values if isinstance(value, date)]
        others = [row for id, row in tables[table].items() if id != new[f"{table}id"]]
        found |= {"reparent"} if old and refs else set()
        found |= {"null"} if None in values else set()
        found |= {"boundary day"} if any(self._is_edge(day) for day in days) else set()
        found |= {"cross-type id"} if any(_is_shared(ref, tables) for ref in refs) else set()
        tied = any(other.get(n) == v for other in others for n, v in changed.items() if v)
        return frozenset(found | ({"tie"} if tied else set()))

    def _is_edge(self, day: date) -> bool:
        plain = day.date() if isinstance(day, datetime) else day
        return abs((plain - self.today).days) <= 1


def _lookups(row: Row, names: Sequence[str] | frozenset[str] | Row) -> dict[str, Ref | None]:
    values = ((name, row.get(name)) for name in sorted(names))
    return {name: value for name, value in values if value is None or isinstance(value, Ref)}


def _is_held(table: str, id: str, tables: Tables) -> bool:
    """Whether something points to the row: such ends go without an event when it is deleted, and
    nothing that is left tells whose they were. They are for the resync."""
    rows = (row for each in tables.values() for row in each.values())
    linked = any(id in map(identity, row.values()) for row in tables[LINKS].values())
    return linked or any(Ref(table, id) in row.values() for row in rows)


def _is_shared(ref: Ref, tables: Tables) -> bool:
    """Whether another table has a row of the same id."""
    return any(ref.id in rows for name, rows in tables.items() if name != ref.table)
