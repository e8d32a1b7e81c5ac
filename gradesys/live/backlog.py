"""Many keys wait: claim a lot of them at once, and handle those together that one reading answers.

With few keys waiting each is claimed alone, so that the workers share them and the first event of
a quiet key runs at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradesys.marks.protocols import Marks, Message
from gradesys.records import Key, KeyKind

MANY = 24
"""Due keys that make a backlog: three for each worker of a machine."""
MOST = 100
"""Keys that one worker claims of a backlog."""
LENGTHY = (KeyKind.RUN, KeyKind.PARTITION)
"""A press or a partition: whoever works on one holds nothing else."""
TOGETHER = (KeyKind.TARGET, KeyKind.EXPAND, KeyKind.RESOLVE)
"""Kinds of which keys of one table and way are handled together, in this order."""


def claim_some(marks: Marks, keys: Collection[Key] | None = None) -> list[Message]:
    """One due key (of ``keys``, when given); where many are due, more of them. One named key only
    says where to begin: its doorbell rang, and others may have waited longer."""
    claimed = marks.claim(1, keys)
    if not claimed or claimed[0].key.kind in LENGTHY or marks.due(MANY) < MANY:
        return claimed
    for message in marks.claim(MOST - 1, keys if keys and len(keys) > 1 else None):
        if message.key.kind in LENGTHY:  # it is for another worker, not for later
            marks.retry(message, 0.0, failed=False)
        else:
            claimed.append(message)
    return claimed


def grouped(claimed: Sequence[Message]) -> list[list[Message]]:
    """What is handled together; whatever takes its own time, such as a press, comes last."""
    groups: dict[tuple[str, ...], list[Message]] = {}
    for message in sorted(claimed, key=_rank):
        key = message.key
        alone = () if key.kind in TOGETHER else (key.id,)
        groups.setdefault((key.kind, key.table, key.via, *alone), []).append(message)
    return list(groups.values())


def _rank(message: Message) -> int:
    kind = message.key.kind
    return TOGETHER.index(kind) if kind in TOGETHER else len(TOGETHER)
