"""A sample's rows along the hops of an aggregate: from the record to where its rows are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from gradesys.rules.hopnodes import ChildHop, Hierarchy, Hop, ParentHop
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.samplecells import Cells, satisfying
from gradesys.rules.standard import id_column, lookups

Rows = dict[str, list[Cells]]


class Spot(Struct, frozen=True):
    """A row of the sample, where the next hop starts."""

    table: str
    id: str
    row: Cells


def way_to(node: AggregateIndicator) -> tuple[Hop, ...]:
    """The hops to the rows; of several ways the first."""
    if node.lookup is not None:
        return (ChildHop(child=node.of, lookup=node.lookup),)
    return node.path or (node.paths or ())[0]


def anchor(
    tables: Rows, here: Spot, hierarchy: Hierarchy | None, hops: Sequence[Hop], today: date
) -> Spot:
    """The row before the last hop, made with all rows between; below the record where the record
    itself does not count."""
    if hierarchy is not None and not hierarchy.include_self:
        here = step(tables, here, ChildHop(child=here.table, lookup=hierarchy.lookup), {})
    for hop in hops:
        here = step(tables, here, hop, satisfying(hop.filter, today))
    return here


def step(tables: Rows, here: Spot, hop: Hop, cells: Cells) -> Spot:
    """A row with these cells one hop from here."""
    if isinstance(hop, ChildHop):
        spot = add_row(tables, hop.child, cells)
        point(spot.row, (hop.child, hop.lookup), (here.table, here.id))
    elif isinstance(hop, ParentHop):
        spot = add_row(tables, hop.parent, cells)
        point(here.row, (here.table, hop.lookup), (hop.parent, spot.id))
    else:
        spot = add_row(tables, hop.many, cells)
        add_row(tables, hop.intersect, {hop.near: here.id, hop.far: spot.id})
    return spot


def add_row(tables: Rows, table: str, cells: Cells) -> Spot:
    """A new row at the end of its table, with an id of its own."""
    rows = tables.setdefault(table, [])
    row: dict[str, Any] = {id_column(None, table): f"{table}{len(rows) + 1}", **cells}
    rows.append(row)
    return Spot(table, f"{table}{len(rows)}", row)


def point(row: Cells, lookup: tuple[str, str], target: tuple[str, str]) -> None:
    """Let a lookup (table, column) point to a row (table, id)."""
    table, column = lookup
    row[column] = target[1]
    if lookups(table).get(column) != (target[0],):
        row[f"{column}@type"] = target[0]
