"""The files of imported controls, kept beside the tables under the names by which pages load them.

The service makes web resources of them, `cc_<control>/bundle.js`; here they are no rows.
"""

from collections.abc import Mapping

from emulator.organization import Organization
from emulator.rows.transaction import Transaction

_PREFIX = "cc_"
_CREATE = (
    'CREATE TABLE IF NOT EXISTS "@control_files" (control TEXT, path TEXT, content BLOB, '
    "PRIMARY KEY (control, path))"
)


def keep_files(tx: Transaction, control: str, files: Mapping[str, bytes]) -> None:
    """Exactly these are the files of the control from now on."""
    forget_files(tx, control)
    rows = [(control, path, content) for path, content in files.items()]
    tx.connection.executemany('INSERT INTO "@control_files" VALUES (?, ?, ?)', rows)


def control_file(org: Organization, name: str) -> bytes | None:
    """A file by its name as a web resource."""
    if not name.startswith(_PREFIX):
        return None
    control, _, path = name.removeprefix(_PREFIX).partition("/")
    with org.transaction() as tx:
        tx.connection.execute(_CREATE)
        found = tx.connection.execute(
            'SELECT content FROM "@control_files" WHERE control = ? AND path = ?', [control, path]
        ).fetchone()
    return found[0] if found else None


def forget_files(tx: Transaction, control: str) -> None:
    """Files go with their control."""
    tx.connection.execute(_CREATE)
    tx.connection.execute('DELETE FROM "@control_files" WHERE control = ?', [control])
