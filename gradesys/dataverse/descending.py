"""The descendants of some records, level by level: only reading tells how deep a hierarchy is."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from gradesys.records import Below, Page, Plan, Read, Schema, Scope


class Wanted(Struct, frozen=True):
    """Rows to be asked for by ``asked``, as answers to ``read``."""

    read: Read
    scope: Scope
    asked: Read


def is_tree(read: Read, schema: Schema) -> bool:
    """Whether the read asks for the descendants themselves, not for something of theirs."""
    own = read.table == read.target and read.key == schema[read.table].id_column
    return read.below is not None and own and not read.way


class Descent(Struct):
    """``read`` asks for records and their descendants along ``below``; ``fresh`` are those that
    came last, whose children are still to be read. A circle brings nobody back."""

    read: Read
    below: Below
    seen: set[str]
    fresh: set[str] = field(default_factory=set)
    levels: int = 0
    """How many have been asked for."""

    def first(self) -> list[Wanted]:
        """What to ask first: the records themselves, and their children."""
        start = Scope(self.read.target, tuple(self.seen))
        self.fresh = set(self.seen)
        return [Wanted(self.read, start, self.read), *self.next()]

    def next(self) -> list[Wanted]:
        """The next level, if there is one: the children of the fresh ones."""
        parents, self.fresh = self.fresh, set()
        if not parents or self.levels == self.below.depth:
            return []
        self.levels += 1
        scope = Scope(self.read.target, tuple(sorted(parents)))
        return [Wanted(self.read, scope, replace(self.read, key=self.below.lookup))]

    def hanging(self, plan: Plan) -> list[Wanted]:
        """What hangs on the records and all their descendants, once they are known."""
        scope = Scope(self.read.target, tuple(sorted(self.seen)))
        return [
            Wanted(read, scope, read)
            for read in plan.reads
            if read.below == self.below and read.target == scope.table and read != self.read
        ]

    def note(self, pages: Iterable[Page]) -> None:
        """Take the ids of pages; those not seen before are the next level's parents."""
        mine = (page.rows for page in pages if page.read == self.read)
        found = {str(row[self.read.key]) for rows in mine for row in rows} - self.seen
        self.seen |= found
        self.fresh |= found
