"""What one HTTP request costs its user: every operation in it counts, batched or not.

The cost travels with the request in a context variable, so that handlers need not hand it on.
"""

from contextvars import ContextVar
from http import HTTPMethod

import msgspec
from msgspec import Struct

from emulator.errors import bad_query
from emulator.webapi.calls import Call

_BULK = ("CreateMultiple", "UpdateMultiple", "UpsertMultiple")


class Cost(Struct):
    """``operations`` are requests, parts of a batch each; ``entitlement`` counts rows of bulk
    messages too. ``most_reads`` is how many reads a batch may have, None means any number."""

    most_reads: int | None = None
    operations: int = 0
    entitlement: int = 0


class _Targets(msgspec.Struct):
    targets: list[msgspec.Raw] = msgspec.field(default_factory=list, name="Targets")


_COST: ContextVar[Cost | None] = ContextVar("cost", default=None)


def carry(cost: Cost) -> None:
    """Let everything this request does be charged to this cost."""
    _COST.set(cost)


def charge(call: Call) -> None:
    """Charge one operation."""
    cost = _COST.get()
    if cost is not None:
        cost.operations += 1
        cost.entitlement += _rows(call)


def check_reads(methods: list[str]) -> None:
    """400 for a batch with more reads than the limits in force allow."""
    cost = _COST.get()
    if cost is None or cost.most_reads is None:
        return
    if methods.count(HTTPMethod.GET) > cost.most_reads:
        raise bad_query(f"The batch contains more than {cost.most_reads} read operations.")


def _rows(call: Call) -> int:
    if not call.path.endswith(_BULK):
        return 1
    try:
        return max(len(msgspec.json.decode(call.body, type=_Targets).targets), 1)
    except msgspec.DecodeError:
        return 1  # the handler refuses such a body
