"""Steps with marks in the Azure table: one key by compare-and-swap, a claim's keys together.

A claim of a backlog holds a hundred keys, which share its token and their partition: one query
reads them and one transaction changes them, where singly it would take two hundred requests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from gradesys.marks import azure_cells as cells
from gradesys.marks.azure import Rows, side_by_side
from gradesys.marks.mark import Mark
from gradesys.marks.protocols import Message
from gradesys.records import Key

TRIES = 3
"""So often are all tried together, since somebody who marks one of them spoils it for all."""
Step = Callable[[Mark], Mark | None]


def change(rows: Rows, key: Key, step: Step) -> tuple[Mark, Mark | None]:
    """Take a step with a key's mark, on what nobody changed meanwhile: (before, after)."""
    while True:
        row = rows.get(cells.MARKS, cells.digest(key))
        before = Mark(key) if row is None else cells.mark_of(row)
        after = step(before)
        if after is None:
            return before, None
        new = cells.row_of(after)
        if rows.insert(new) if row is None else rows.swap(row, new):
            return before, after


def change_claimed(
    rows: Rows, messages: Collection[Message], step: Callable[[Mark], Mark]
) -> dict[Message, Mark]:
    """Take a step with each claimed key; those missing in the answer lost their claim."""
    claims: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        claims[message.token].append(message)
    found: dict[Message, Mark] = {}
    for token, claim in claims.items():
        together = _change_together(rows, token, claim, step) if len(claim) > 1 else None
        found |= _change_each(rows, claim, step) if together is None else together
    return found


def _change_together(
    rows: Rows, token: str, claim: Sequence[Message], step: Callable[[Mark], Mark]
) -> dict[Message, Mark] | None:
    """None when others changed some of them every time."""
    messages = {message.key: message for message in claim}
    for _ in range(TRIES):
        found = rows.find(cells.CLAIMED, token=token)
        seen = [row for row in found if cells.key_of(row) in messages]
        after = [step(cells.mark_of(row)) for row in seen]
        if rows.swap_all(list(zip(seen, map(cells.row_of, after), strict=True))):
            return {messages[mark.key]: mark for mark in after}
    return None


def _change_each(
    rows: Rows, claim: Sequence[Message], step: Callable[[Mark], Mark]
) -> dict[Message, Mark]:
    def take(message: Message) -> Mark | None:
        token = message.token
        return change(rows, message.key, lambda m: step(m) if m.token == token else None)[1]

    found = zip(claim, side_by_side(take, claim), strict=True)
    return {message: mark for message, mark in found if mark is not None}
