"""What the service must be allowed, derived from the rules: nothing that no request needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from gradesys.rules.rowevents import followed
from gradesys.rules.rulebook import Rulebook

READ, WRITE, CREATE = "Read", "Write", "Create"
"""Members of the Web API's PrivilegeType."""
ALWAYS_READ = (
    "organization", "usersettings", "transactioncurrency", "asyncoperation",
    "publisher", "solution", "serviceendpoint", "sdkmessage", "sdkmessagefilter",
    "sdkmessageprocessingstep", "sdkmessageprocessingstepimage", "customapi",
    "customapirequestparameter",
)  # fmt: skip
"""Who signs in, how money is rounded, which deliveries failed, and what is registered."""
METADATA = ("prvReadEntity", "prvReadAttribute", "prvReadRelationship", "prvReadOptionSet")


class Rights(Struct, frozen=True):
    """``tables``: privilege types by table; ``general``: privileges of no table, by name."""

    tables: Mapping[str, frozenset[str]] = field(default_factory=dict)
    general: tuple[str, ...] = METADATA


def needed_rights(rulebook: Rulebook, scored: Iterable[str], own: Iterable[str]) -> Rights:
    """Read what the rules read, write what they score, and keep our ``own`` tables."""
    tables = dict.fromkeys((*ALWAYS_READ, *followed(rulebook)), frozenset({READ}))
    tables |= dict.fromkeys(scored, frozenset({READ, WRITE}))
    tables |= dict.fromkeys(own, frozenset({READ, WRITE, CREATE}))
    return Rights(tables)
