"""Who is asking: the user of the request under way, and what that user may do.

It travels in a context variable. Without `--users` everybody is the service user, who may do
everything.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from uuid import NAMESPACE_OID, uuid5

from msgspec import Struct, field

from emulator.definitions import Table
from emulator.errors import ApiError
from emulator.seeds import ROOT_UNIT_ID, SERVICE_USER_ID

EVERYWHERE = "*"
_NAME = re.compile(
    r"prv(Create|Read|Write|Delete|AppendTo|Append|Assign|Share)(\w+)", re.IGNORECASE
)
# Lines have the privileges of their document; a user's are named after another word than its table.
_NAMED_LIKE: Mapping[str, str] = {
    "systemuser": "User",
    "invoicedetail": "Invoice",
    "quotedetail": "Quote",
    "salesorderdetail": "SalesOrder",
    "opportunityproduct": "Opportunity",
    "listmember": "List",
}
_SPELLING: Mapping[str, str] = {"appendto": "AppendTo"}


class Rights(Struct, frozen=True):
    """What the roles of a user allow: rights (``read``, ``write``, ...) by what privileges call
    the table, in lower case, ``*`` for all; and further privileges by name, in lower case."""

    tables: Mapping[str, frozenset[str]] = field(default_factory=dict)
    privileges: frozenset[str] = frozenset()
    roles: int = 0

    def allow(self, right: str, kind: str) -> bool:
        """Whether there is a right on what privileges call ``kind``."""
        own = self.tables.get(kind.lower(), frozenset())
        everywhere = self.tables.get(EVERYWHERE, frozenset())
        return right in own | everywhere or f"prv{right}{kind}".lower() in self.privileges

    def hold(self, privilege: str) -> bool:
        """Whether there is a privilege of this name, ``prvReadAccount`` for instance."""
        if privilege.lower() in self.privileges:
            return True
        named = _NAME.fullmatch(privilege)
        return named is not None and self.allow(named[1].lower(), named[2])


class Caller(Struct, frozen=True):
    """A user; ``rights`` None is a system administrator. ``permits``: (table, column, right) of
    secured columns."""

    id: str = SERVICE_USER_ID
    rights: Rights | None = None
    permits: frozenset[tuple[str, str, str]] = frozenset()


SERVICE_USER = Caller()
_CALLER: ContextVar[Caller] = ContextVar("caller", default=SERVICE_USER)


def act_as(caller: Caller) -> None:
    """Make this the user of everything this request does."""
    _CALLER.set(caller)


def caller() -> Caller:
    """The user who is asking."""
    return _CALLER.get()


def caller_id() -> str:
    """The guid of the user who is asking."""
    return _CALLER.get().id


def is_restricted() -> bool:
    """Whether there is anything this user may not do."""
    return _CALLER.get().rights is not None


def kind_of_table(table: Table) -> str:
    """What the names of privileges call a table: ``Account``, ``User``, ``Activity``."""
    if table.is_activity or table.name == "activitypointer":
        return "Activity"
    return _NAMED_LIKE.get(table.name, table.schema_name)


def require(table: Table, right: str) -> None:
    """403 when the user lacks a right on a table."""
    user = _CALLER.get()
    kind = kind_of_table(table)
    if user.rights is None or user.rights.allow(right, kind):
        return
    name = f"prv{_SPELLING.get(right, right.capitalize())}{kind}"
    label = table.labels.get(1033, table.schema_name)
    where = f" on OTC={table.type_code} for entity '{table.name}' (LocalizedName='{label}')"
    raise _missing(user, user.rights, name, where)


def require_privilege(name: str) -> None:
    """403 when the user lacks a privilege that belongs to no table."""
    user = _CALLER.get()
    if user.rights is not None and not user.rights.hold(name):
        raise _missing(user, user.rights, name, "")


def privilege_id(name: str) -> str:
    """The guid of a privilege: the same in every emulator."""
    return str(uuid5(NAMESPACE_OID, f"privilege {name.lower()}"))


def _missing(user: Caller, rights: Rights, privilege: str, where: str) -> ApiError:
    count = sum(map(len, rights.tables.values())) + len(rights.privileges)
    message = (
        f"Principal user (Id={user.id}, type=8, roleCount={rights.roles}, "
        f"privilegeCount={count}, accessMode='4 Non-interactive', "
        f"businessUnitId={ROOT_UNIT_ID}), is missing {privilege} privilege "
        f"(Id={privilege_id(privilege)}){where}. context.Caller={user.id}. Consider adding "
        "missed privilege to one of the principal (user/team) roles."
    )
    return ApiError(403, "0x80040220", message)
