"""What browsers get of web resources: their content when it was last published.

The Web API shows the row as it was last written.
"""

from collections.abc import Iterable

from emulator.changes import Change
from emulator.organization import Organization
from emulator.rows.transaction import Transaction

_CREATE = 'CREATE TABLE IF NOT EXISTS "@published" (row_id TEXT PRIMARY KEY, content TEXT)'


def publish_resources(org: Organization, ids: Iterable[str]) -> None:
    """The present content of these rows is what browsers get from now on."""
    with org.transaction() as tx:
        tx.connection.execute(_CREATE)
        for row_id in ids:
            content = tx.existing("webresource", row_id)["content"]
            values = [row_id, content or ""]
            tx.connection.execute('INSERT OR REPLACE INTO "@published" VALUES (?, ?)', values)


def published_content(org: Organization, row_id: str) -> str | None:
    """The content in base64; None before the first publishing."""
    with org.transaction() as tx:
        tx.connection.execute(_CREATE)
        statement = 'SELECT content FROM "@published" WHERE row_id = ?'
        found = tx.connection.execute(statement, [row_id]).fetchone()
    return found[0] if found else None


def guard_published(tx: Transaction, change: Change) -> None:
    """What was published goes with its row."""
    if change.message == "Delete" and change.table == "webresource":
        tx.connection.execute(_CREATE)
        tx.connection.execute('DELETE FROM "@published" WHERE row_id = ?', [change.id])
