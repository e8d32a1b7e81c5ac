"""Random edits of child rows, as CRM users and imports make them: every kind counted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import requests

from tests.line.running import Json, Line

PAID = {"statecode": 2, "statuscode": 100001}
CANCELLED = {"statecode": 3, "statuscode": 100003}
LOST = {"statecode": 2, "statuscode": 4}
AMOUNTS = {"invoices": "totalamount", "opportunities": "estimatedvalue"}
IDS = {"invoices": "invoiceid", "opportunities": "opportunityid"}


@dataclass
class Editor:
    """Edits one org with seeded dice; remembers which rows are left."""

    line: Line
    dice: Random
    accounts: Sequence[str]
    contacts: Sequence[str]
    rows: dict[str, list[str]]
    done: Counter[str] = field(default_factory=Counter)
    thread: threading.Thread = field(default_factory=threading.Thread)
    flow: threading.Event = field(default_factory=threading.Event)

    def edit(self) -> None:
        """One random edit; it must be accepted."""
        kind = self.dice.choice(tuple(EDITS))
        EDITS[kind](self)
        self.done[kind] += 1

    def begin(self, count: int) -> None:
        """Make so many edits beside whoever called, while ``flow`` is set."""

        def edit_all() -> None:
            for _ in range(count):
                self.flow.wait()
                self.edit()

        self.thread = threading.Thread(target=edit_all)
        self.thread.start()

    def some(self) -> tuple[str, str]:
        """An entity set, and one of its rows."""
        entity_set = self.dice.choice(tuple(self.rows))
        return entity_set, self.dice.choice(self.rows[entity_set])

    def patch(self, entity_set: str, record: str, body: Json) -> None:
        """Change a row that must exist."""
        answer = self.line.api("PATCH", f"{entity_set}({record})", body, If_Match="*")
        assert answer.status_code == 204, answer.text

    def customer(self) -> Json:
        """A binding to a random account, seldom to a contact."""
        if self.dice.random() < 0.15:
            return {
                "customerid_contact@odata.bind": f"/contacts({self.dice.choice(self.contacts)})"
            }
        return {"customerid_account@odata.bind": f"/accounts({self.dice.choice(self.accounts)})"}

    def amount(self, entity_set: str) -> Json:
        """A new amount, with cents."""
        return {AMOUNTS[entity_set]: self.dice.randrange(100, 20_000_000) / 100}


def change_amount(editor: Editor) -> None:
    """Another amount on the same row."""
    entity_set, record = editor.some()
    editor.patch(entity_set, record, editor.amount(entity_set))


def pay(editor: Editor) -> None:
    """An invoice is paid."""
    editor.patch("invoices", editor.dice.choice(editor.rows["invoices"]), PAID)


def close(editor: Editor) -> None:
    """An invoice is cancelled or an opportunity lost."""
    entity_set, record = editor.some()
    editor.patch(entity_set, record, CANCELLED if entity_set == "invoices" else LOST)


def move(editor: Editor) -> None:
    """A row gets another customer: both sides change."""
    entity_set, record = editor.some()
    editor.patch(entity_set, record, editor.customer())


def move_and_change(editor: Editor) -> None:
    """Customer and amount in one save."""
    entity_set, record = editor.some()
    editor.patch(entity_set, record, editor.customer() | editor.amount(entity_set))


def delete(editor: Editor) -> None:
    """A row disappears."""
    entity_set, record = editor.some()
    assert editor.line.api("DELETE", f"{entity_set}({record})").status_code == 204
    editor.rows[entity_set].remove(record)


def create(editor: Editor) -> None:
    """A paid invoice or an open opportunity appears."""
    entity_set = editor.dice.choice(tuple(editor.rows))
    body = editor.amount(entity_set) | editor.customer() | {"name": "new"}
    answer = editor.line.api("POST", entity_set, body)
    assert answer.status_code == 204, answer.text
    record = answer.headers["OData-EntityId"].rsplit("(", 1)[1].rstrip(")")
    editor.rows[entity_set].append(record)
    if entity_set == "invoices":
        editor.patch(entity_set, record, PAID)


EDITS: dict[str, Callable[[Editor], None]] = {
    function.__name__: function
    for function in (change_amount, pay, close, move, move_and_change, delete, create)
}


def editor_of(line: Line, seed: int) -> Editor:
    """An editor of every invoice and opportunity that the org has now."""
    return Editor(
        line,
        Random(seed),
        accounts=[row["accountid"] for row in line.rows("accounts?$select=accountid")],
        contacts=[row["contactid"] for row in line.rows("contacts?$select=contactid")],
        rows={
            entity_set: [row[key] for row in line.rows(f"{entity_set}?$select={key}")]
            for entity_set, key in IDS.items()
        },
    )


def edit_side_by_side(line: Line, threads: int, count: int) -> list[Editor]:
    """``count`` edits by several users at once, each with rows of its own; the editors, at work
    already: whoever waits for their ``thread`` waits for them."""
    whole = editor_of(line, seed=1)
    whole.flow.set()
    editors = [_share(whole, place, threads) for place in range(threads)]
    for editor in editors:
        editor.begin(count // threads)
    return editors


def _share(whole: Editor, place: int, threads: int) -> Editor:
    line = replace(whole.line, session=requests.Session())
    rows = {name: ids[place::threads] for name, ids in whole.rows.items()}
    return replace(whole, line=line, dice=Random(place), rows=rows, done=Counter())
