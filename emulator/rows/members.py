"""Members of marketing lists: links that come and go by messages of their own.

A list says in ``createdfromcode`` of which table its members are.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from emulator.changes import Change
from emulator.definitions import End
from emulator.errors import invalid_argument
from emulator.rows.links import link, link_id, unlink

if TYPE_CHECKING:
    from emulator.rows.transaction import Transaction

LIST = "list"
ADD, ADD_MANY, REMOVE = "AddMember", "AddListMembers", "RemoveMember"
_MEMBER_TABLES = {1: "account", 2: "contact", 4: "lead"}


def add_member(tx: "Transaction", list_id: str, row_id: str) -> str:
    """The guid of the membership, which may have been there before."""
    end = _end(tx, list_id)
    link(tx, end, list_id, row_id)
    _announce(tx, ADD, list_id, {"EntityId": row_id})
    return str(link_id(tx, end, list_id, row_id))


def add_members(tx: "Transaction", list_id: str, row_ids: Sequence[str]) -> None:
    """Add several rows with one message."""
    end = _end(tx, list_id)
    for row_id in row_ids:
        link(tx, end, list_id, row_id)
    _announce(tx, ADD_MANY, list_id, {"MemberIds": list(row_ids)})


def remove_member(tx: "Transaction", list_id: str, row_id: str) -> None:
    """Take a row out, if it is in."""
    unlink(tx, _end(tx, list_id), list_id, row_id)
    _announce(tx, REMOVE, list_id, {"EntityId": row_id})


def member_table(tx: "Transaction", list_id: str) -> str:
    """The logical name of the members' table; 400 for a list whose members are queried."""
    row = tx.existing(LIST, list_id)
    table = _MEMBER_TABLES.get(row["createdfromcode"])
    if row["type"] or table is None:
        raise invalid_argument("Members can be added only to a static list of a known table.")
    return table


def _end(tx: "Transaction", list_id: str) -> End:
    table = member_table(tx, list_id)
    ends = tx.org.definitions.ends
    return next(end for end in ends.values() if (end.table, end.target) == (LIST, table))


def _announce(tx: "Transaction", message: str, list_id: str, parameters: Mapping[str, Any]) -> None:
    tx.announce(Change(message, LIST, list_id, parameters={"ListId": list_id, **parameters}))
