"""The schema as apply will leave it, so that rules compile before their columns exist.

Without it a first deploy would need two passes: columns, then the steps derived from the rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from gradesys.deploy.manifest import Manifest
from gradesys.deploy.options import place
from gradesys.deploy.specs import ColumnSpec
from gradesys.deploy.texts import ENGLISH, PERSIAN
from gradesys.records import Column, Kind, Option, Schema, Table


def with_planned(schema: Schema, manifest: Manifest) -> Schema:
    """``schema`` with the columns and options of ``manifest`` added to its tables."""
    return {name: _extended(table, manifest.columns) for name, table in schema.items()}


def _extended(table: Table, specs: Sequence[ColumnSpec]) -> Table:
    ours = [spec for spec in specs if spec.table == table.name]
    columns = {spec.name: _planned(spec, table.columns.get(spec.name)) for spec in ours}
    return replace(table, columns={**table.columns, **columns})


def _planned(spec: ColumnSpec, stored: Column | None) -> Column:
    column = stored or spec.column
    if column.kind is not Kind.CHOICE:
        return replace(column, places=_wider(column.places, spec.column.places))
    placed = place(spec.options, column.options, {})
    added = tuple(
        Option(item.value, {ENGLISH: item.spec.title.en, PERSIAN: item.spec.title.fa})
        for item in placed
        if item.stored is None
    )
    return replace(column, options=(*column.options, *added))


def _wider(stored: int | None, planned: int | None) -> int | None:
    return stored if stored is None or planned is None else max(stored, planned)
