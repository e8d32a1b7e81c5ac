"""Unbound actions on rows, by name."""

from collections.abc import Mapping

from emulator.webapi.bulk_delete import bulk_delete
from emulator.webapi.calls import Handler
from emulator.webapi.closing import CLOSING_ACTIONS
from emulator.webapi.members import add_list_members
from emulator.webapi.merge import merge

ROW_ACTIONS: Mapping[str, Handler] = {
    "AddListMembersList": add_list_members,
    "BulkDelete": bulk_delete,
    "Merge": merge,
    **CLOSING_ACTIONS,
}
