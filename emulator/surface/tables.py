"""Rows that come and go with a table's definition: its row in `entities`, its privileges, and
the views and charts that show it."""

from emulator.definitions import Table
from emulator.organization import Organization
from emulator.surface.privileges import remove_privileges
from emulator.surface.standing import ENTITY, lay_rows

SHOWN_BY = {"savedquery": "returnedtypecode", "savedqueryvisualization": "primaryentitytypecode"}


def add_table_rows(org: Organization, table: Table) -> None:
    """The rows of a new table."""
    with org.transaction() as tx:
        lay_rows(tx.connection, [table], tx.next_version())


def remove_table_rows(org: Organization, table: Table) -> None:
    """Take them away; the table's definition is gone already."""
    with org.transaction() as tx:
        tx.delete(ENTITY, table.id)
        remove_privileges(tx, table)
        for kind, column in SHOWN_BY.items():
            for row in org.rows(kind, **{column: table.name}):
                tx.delete(kind, str(row[f"{kind}id"]))
