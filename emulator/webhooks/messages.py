"""The rows of `sdkmessages` and `sdkmessagefilters`: what a step can be registered on.

Platform messages have the ids they have everywhere; all other ids follow from the names, so
that two emulators agree.
"""

from collections.abc import Iterable
from functools import cache
from uuid import NAMESPACE_URL, uuid5

from emulator.organization import Organization
from emulator.rows.closing import CLOSING_MESSAGES, messages_of
from emulator.rows.members import ADD, ADD_MANY, LIST, REMOVE
from emulator.rows.merging import MERGED_STATES

TAIL = "-ea3e-db11-86a7-000a3a5473e8"
MESSAGES = {
    "Create": f"9ebdbb1b{TAIL}",
    "Update": f"20bebb1b{TAIL}",
    "Delete": f"a1bdbb1b{TAIL}",
    "Assign": f"8cbdbb1b{TAIL}",
    "Merge": f"dbbdbb1b{TAIL}",
    "SetState": f"1cbebb1b{TAIL}",
    "SetStateDynamicEntity": f"1dbebb1b{TAIL}",
}
MEMBERSHIP = (ADD, ADD_MANY, REMOVE)
OTHER_MESSAGES = (
    "CreateMultiple", "UpdateMultiple", "UpsertMultiple", "Upsert", "Associate", "Disassociate",
    *MEMBERSHIP, *sorted(CLOSING_MESSAGES),
)  # fmt: skip
DELIVERED = frozenset(
    {
        "Create",
        "Update",
        "Delete",
        "Merge",
        "Associate",
        "Disassociate",
        *MEMBERSHIP,
        *CLOSING_MESSAGES,
    }
)
"""The table messages that this emulator raises."""
FILTERED = ("Create", "Update", "Delete", "CreateMultiple", "UpdateMultiple")
KNOWN_FILTERS = {("Create", "account"): f"c2c5bb1b{TAIL}"}


@cache
def message_id(name: str) -> str:
    """The id of a message's row."""
    return MESSAGES.get(name) or str(uuid5(NAMESPACE_URL, f"emulator/sdkmessage/{name}"))


@cache
def filter_id(message: str, table: str) -> str:
    """The id of the row that allows a message for a table."""
    known = KNOWN_FILTERS.get((message, table))
    return known or str(uuid5(NAMESPACE_URL, f"emulator/sdkmessagefilter/{message}/{table}"))


def seed_messages(org: Organization) -> None:
    """Adds all messages and the filters of all tables to a new organisation."""
    with org.transaction() as tx:
        definition = org.definitions.tables["sdkmessage"]
        for name in (*MESSAGES, *OTHER_MESSAGES):
            tx.insert(definition, message_row(name))
        tables = org.definitions.tables.values()
        _insert_filters(org, [table.name for table in tables if not table.is_intersect])


def add_filters(org: Organization, table: str) -> None:
    """Makes a new table's messages available."""
    _insert_filters(org, [table])


def remove_filters(org: Organization, table: str) -> None:
    """Takes a deleted table's filters away, and the steps on them."""
    with org.transaction() as tx:
        for found in org.rows("sdkmessagefilter", primaryobjecttypecode=table):
            filter_key = str(found["sdkmessagefilterid"])
            for step in org.rows("sdkmessageprocessingstep", sdkmessagefilterid=filter_key):
                tx.delete("sdkmessageprocessingstep", str(step["sdkmessageprocessingstepid"]))
            tx.delete("sdkmessagefilter", filter_key)


def message_row(name: str) -> dict[str, object]:
    """The stored row of a message."""
    return {
        "sdkmessageid": message_id(name),
        "name": name,
        "isprivate": False,
        "isactive": True,
        "isreadonly": False,
        "autotransact": True,
        "expand": False,
        "availability": 0,
        "template": False,
        "workflowsdkstepenabled": False,
    }


def _insert_filters(org: Organization, tables: Iterable[str]) -> None:
    with org.transaction() as tx:
        definition = org.definitions.tables["sdkmessagefilter"]
        for table in tables:
            for message in (*FILTERED, *_own_messages(table)):
                tx.insert(definition, _filter_row(message, table))


def _own_messages(table: str) -> Iterable[str]:
    """The messages that only some tables have."""
    if table in MERGED_STATES:
        yield "Merge"
    if table == LIST:
        yield from MEMBERSHIP
    yield from messages_of(table)


def _filter_row(message: str, table: str) -> dict[str, object]:
    return {
        "sdkmessagefilterid": filter_id(message, table),
        "primaryobjecttypecode": table,
        "secondaryobjecttypecode": "none",
        "availability": 0,
        "iscustomprocessingstepallowed": True,
        "isvisible": True,
        "workflowsdkstepenabled": True,
        "sdkmessageid": message_id(message),
        "sdkmessageid@type": "sdkmessage",
    }
