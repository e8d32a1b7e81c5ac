"""The rows of a generated org: shared ids across tables, broken lookups, nulls, empty tables."""

from dataclasses import dataclass

from tests.oracle.making.cells import value
from tests.oracle.making.schema import SCHEMA
from tests.oracle.making.setting import Setting
from tests.oracle.values import Node

Row = dict[str, Node]
_NULL = 0.12
_ABSENT = 0.04
_BROKEN = 0.05


def first_id(setting: Setting) -> Node:
    """The scored record's id: a short text, a guid, sometimes a number."""
    return setting.pick(["x1", "x1", "0a1b2c3d-0000-4000-8000-00000000000a", 7])


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes the tables of one case around its record."""

    setting: Setting
    scored: str
    record: Node

    def tables(self) -> dict[str, list[Row]]:
        """All tables; the scored one holds the record, any other may be empty."""
        made = {table: self._rows(table) for table in SCHEMA}
        return {**made, "listmember": self._members()}

    def _ids(self, table: str) -> list[Node]:
        """The ids a table may have. Accounts and contacts share theirs, to tempt the careless."""
        if table in ("account", "contact"):
            shared: list[Node] = ["x2", "x3", "x10", 8]
            return [self.record, *shared]
        numbered: list[Node] = [f"{table[0]}{n}" for n in range(1, 13)]
        return [self.record, *numbered] if table == self.scored else numbered

    def _rows(self, table: str) -> list[Row]:
        ids = self._ids(table)
        few = [] if self.setting.chance(0.1) else self.setting.some(ids, 3, 12)
        if table == self.scored and self.record not in few:
            few = [self.record, *few]
        return [self._row(table, id_) for id_ in few]

    def _row(self, table: str, id_: Node) -> Row:
        row: Row = {f"{table}id": id_}
        for column, kind in SCHEMA[table].columns.items():
            if not self.setting.chance(_ABSENT):
                row[column] = None if self.setting.chance(_NULL) else value(self.setting, kind)
        for lookup, targets in SCHEMA[table].lookups.items():
            row |= self._lookup(lookup, targets)
        return row

    def _lookup(self, lookup: str, targets: tuple[str, ...]) -> Row:
        if self.setting.chance(_NULL):
            return {lookup: None}
        target = self.setting.pick(targets)
        id_ = self._target_id(target)
        return {lookup: id_, **({f"{lookup}@type": target} if len(targets) > 1 else {})}

    def _target_id(self, target: str) -> Node:
        ids = self._ids(target)
        id_ = ids[0] if self.setting.chance(0.55) else self.setting.pick(ids)
        if self.setting.chance(_BROKEN):
            id_ = "gone"
        return id_.upper() if isinstance(id_, str) and self.setting.chance(0.1) else id_

    def _members(self) -> list[Row]:
        pairs = [
            (self.setting.pick(self._ids("account")), self.setting.pick(self._ids("list")))
            for _ in range(self.setting.dice.randint(0, 8))
        ]
        return [
            {"listmemberid": f"m{n}", "entityid": near, "listid": far}
            for n, (near, far) in enumerate(pairs)
        ]
