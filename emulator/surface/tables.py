"""Rows that come and go with a table's definition: its row in `entities`, its privileges, and
the views and charts that show it."""

from collections.abc import Iterable

from emulator.definitions import Table
from emulator.organization import Organization
from emulator.surface.privileges import GENERAL, add_privileges, names_of, remove_privileges

SHOWN_BY = {"savedquery": "returnedtypecode", "savedqueryvisualization": "primaryentitytypecode"}


def seed_table_rows(org: Organization) -> None:
    """The rows of every table that a new organisation has."""
    _add(org, [table for table in org.definitions.tables.values() if not table.is_intersect])
    with org.transaction() as tx:
        add_privileges(tx, GENERAL)


def add_table_rows(org: Organization, table: Table) -> None:
    """The rows of a new table."""
    _add(org, [table])


def remove_table_rows(org: Organization, table: Table) -> None:
    """Take them away; the table's definition is gone already."""
    with org.transaction() as tx:
        tx.delete("entity", table.id)
        remove_privileges(tx, table)
        for kind, column in SHOWN_BY.items():
            for row in org.rows(kind, **{column: table.name}):
                tx.delete(kind, str(row[f"{kind}id"]))


def _add(org: Organization, tables: Iterable[Table]) -> None:
    definition = org.definitions.tables["entity"]
    with org.transaction() as tx:
        for table in tables:
            row = {"entityid": table.id, "name": table.schema_name, "logicalname": table.name,
                   "objecttypecode": table.type_code}  # fmt: skip
            tx.insert(definition, row)
            add_privileges(tx, names_of(table).values())
