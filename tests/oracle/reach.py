"""Which rows an aggregate sees: lookup, path, paths and hierarchy, each row once (3.2)."""

from dataclasses import dataclass

from tests.oracle.clock import Clock
from tests.oracle.errors import InputError
from tests.oracle.filters import keeps
from tests.oracle.text import identity
from tests.oracle.values import Node
from tests.oracle.world import Row, Target, World

Hop = dict[str, Node]


@dataclass(frozen=True, slots=True)
class Reach:
    """The world in which rows are sought and the clock that hop filters need."""

    world: World
    clock: Clock

    def rows(self, spec: dict[str, Node], start: Target) -> list[Row]:
        """The rows of `spec.of` that lead to the scored row, in no particular order."""
        starts = self._starts(spec.get("hierarchy"), start)
        found: dict[str, Row] = {}
        for path in _paths(spec):
            here = starts
            for hop in path:
                here = self._follow(hop, here)
            for table, id_ in here:
                if table != spec["of"]:
                    raise InputError(f"a path ends at {table}, not at {spec['of']}")
                row = self.world.find(table, id_)
                if row is not None:
                    found[id_] = row
        return list(found.values())

    def _starts(self, hierarchy: Node, start: Target) -> list[Target]:
        if hierarchy is None:
            return [start]
        seen, level, depth = [start], [start], hierarchy.get("depth")
        while level and (depth is None or depth > 0):
            below = self._children(start[0], hierarchy["lookup"], level)
            level = [one for one in below if one not in seen]
            seen += level
            depth = None if depth is None else depth - 1
        return seen[1:] if hierarchy.get("include_self") is False else seen

    def _follow(self, hop: Hop, here: list[Target]) -> list[Target]:
        for kind in ("child", "parent", "many"):
            if hop.get(kind) is not None:
                reached = self._hop(kind, hop, here)
                return [one for one in reached if self._passes(hop, one)]
        raise InputError(f"a hop without a direction: {hop!r}")

    def _hop(self, kind: str, hop: Hop, here: list[Target]) -> list[Target]:
        if kind == "child":
            return self._children(hop["child"], hop["lookup"], here)
        if kind == "parent":
            return self._parents(hop["parent"], hop["lookup"], here)
        return self._many(hop, here)

    def _children(self, table: str, lookup: str, here: list[Target]) -> list[Target]:
        rows = [row for one in here for row in self.world.children(table, lookup, one)]
        return _once([(table, self.world.key(table, row)) for row in rows])

    def _parents(self, table: str, lookup: str, here: list[Target]) -> list[Target]:
        targets = []
        for near, id_ in here:
            row = self.world.find(near, id_)
            targets.append(self.world.target(near, lookup, row) if row else None)
        return _once([one for one in targets if one is not None and one[0] == table])

    def _many(self, hop: Hop, here: list[Target]) -> list[Target]:
        # the columns of an intersect match on the id alone
        ids = {id_ for _, id_ in here}
        pairs = [
            (identity(row[hop["near"]]), identity(row[hop["far"]]))
            for row in self.world.rows(hop["intersect"])
            if row.get(hop["near"]) is not None and row.get(hop["far"]) is not None
        ]
        return _once([(hop["many"], far) for near, far in pairs if near in ids])

    def _passes(self, hop: Hop, one: Target) -> bool:
        row = self.world.find(*one)
        if row is None:
            return False
        return keeps(
            hop.get("filter"), lambda column: self.world.read(one[0], row, column), self.clock
        )


def _paths(spec: dict[str, Node]) -> list[list[Hop]]:
    if spec.get("lookup") is not None:
        return [[{"child": spec["of"], "lookup": spec["lookup"]}]]
    if spec.get("path") is not None:
        return [spec["path"]]
    found: list[list[Hop]] = spec["paths"]
    return found


def _once(targets: list[Target]) -> list[Target]:
    return list(dict.fromkeys(targets))
