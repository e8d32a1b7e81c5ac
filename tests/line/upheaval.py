"""Random edits of any row of any table: values, states, moves to another parent or to none."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.line.arena import ABSENT, BASES, LOOKUPS, TABLES, plain
from tests.line.running import Json, Line
from tests.line.verdict import entity_set
from tests.oracle.making.cells import instant, value
from tests.oracle.making.schema import SCHEMA
from tests.oracle.making.setting import Setting
from tests.oracle.values import moment

FIXED = {"createdon", "gs_score", "fullname", "accountid"}
"""Columns that Dataverse fills itself, or that our models write."""

LEAF = "invoice"
NAMES = {"contact": "lastname", "list": "listname"}
"""The column that a new row must fill, where it is not ``name``."""


@dataclass
class Upheaval:
    """Edits an org with seeded dice; knows which rows are left."""

    line: Line
    setting: Setting
    ids: dict[str, list[str]]
    done: Counter[str] = field(default_factory=Counter)

    def edit(self) -> None:
        """One random edit, which the org must accept."""
        kind = self.setting.pick((*EDITS, "change", "move"))
        if EDITS[kind](self):
            self.done[kind] += 1

    def some(self) -> tuple[str, str] | None:
        """A table and one of its rows."""
        table = self.setting.pick(TABLES)
        return (table, self.setting.pick(self.ids[table])) if self.ids[table] else None

    def send(self, method: str, path: str, body: Json | None = None) -> Any:
        """A request that must be accepted."""
        answer = self.line.api(method, path, body)
        assert answer.status_code == 204, f"{method} {path} {body}: {answer.text}"
        return answer

    def lookup(self, table: str) -> Json:
        """Another target for one lookup, or none where that is allowed."""
        names = [name for name in LOOKUPS[table] if name not in FIXED]
        if not names:
            return {}
        name = self.setting.pick(names)
        target = self.setting.pick(LOOKUPS[table][name])
        many = len(LOOKUPS[table][name]) > 1
        property_name = f"{name}_{target}" if many else name
        if self.setting.chance(0.25) and name != "customerid":
            return {f"{property_name}@odata.bind": None}
        if not self.ids[target]:
            return {}
        path = f"/{entity_set(target)}({self.setting.pick(self.ids[target])})"
        return {f"{property_name}@odata.bind": path}

    def values(self, table: str) -> Json:
        """New values for one or two columns."""
        names = [name for name in SCHEMA[table].columns if name not in FIXED | ABSENT]
        found: Json = {}
        for name in self.setting.some(names, 1, 2):
            found[name.removesuffix("_base")] = self.cell(table, name)
        return found

    def cell(self, table: str, name: str) -> Any:
        """A new value of a column, null now and then."""
        kind = SCHEMA[table].columns[name]
        if kind == "state":
            return self.setting.pick([0, 1] if table in (*BASES, "list") else [0, 1, 2])
        if self.setting.chance(0.1) and kind not in ("flag", "text"):
            return None
        return plain(value(self.setting, kind))


def change(upheaval: Upheaval) -> bool:
    """Other values on a row."""
    found = upheaval.some()
    if found:
        table, record = found
        upheaval.send("PATCH", f"{entity_set(table)}({record})", upheaval.values(table))
    return found is not None


def move(upheaval: Upheaval) -> bool:
    """Another parent, or none; sometimes with other values in the same save."""
    found = upheaval.some()
    body = upheaval.lookup(found[0]) if found else {}
    if found and body:
        more = upheaval.values(found[0]) if upheaval.setting.chance(0.3) else {}
        upheaval.send("PATCH", f"{entity_set(found[0])}({found[1]})", body | more)
    return bool(body)


def delete(upheaval: Upheaval) -> bool:
    """A row that no other row points to disappears.

    Dataverse empties the lookups of the rows that point to a deleted one without an event, so only
    a resync can follow that.
    """
    if not upheaval.ids[LEAF]:
        return False
    record = upheaval.setting.pick(upheaval.ids[LEAF])
    upheaval.send("DELETE", f"{entity_set(LEAF)}({record})")
    upheaval.ids[LEAF].remove(record)
    return True


def create(upheaval: Upheaval) -> bool:
    """A row appears, seldom one dated back."""
    setting = upheaval.setting
    table, record = setting.pick(TABLES), str(uuid.UUID(int=setting.dice.getrandbits(128)))
    name = NAMES.get(table, "name")
    body = {f"{table}id": record, name: "new"} | upheaval.lookup(table) | upheaval.values(table)
    body.pop("statecode", None)
    if "customerid" in LOOKUPS[table]:
        if not upheaval.ids["account"]:
            return False
        body.pop("customerid_contact@odata.bind", None)
        account = setting.pick(upheaval.ids["account"])
        body["customerid_account@odata.bind"] = f"/accounts({account})"
    if table != "list" and setting.chance(0.4) and (at := moment(instant(setting))):
        body["overriddencreatedon"] = at.isoformat().replace("+00:00", "Z")
    upheaval.send("POST", entity_set(table), body)
    upheaval.ids[table].append(record)
    return True


def link(upheaval: Upheaval) -> bool:
    """An account or a contact comes to a list, or leaves it."""
    table = upheaval.setting.pick(("account", "contact"))
    if not (upheaval.ids["list"] and upheaval.ids[table]):
        return False
    record, member = (upheaval.setting.pick(upheaval.ids[name]) for name in ("list", table))
    path = f"lists({record})/list{table}_association"
    if upheaval.line.rows(f"{path}?$filter={table}id eq {member}&$select={table}id"):
        upheaval.send("DELETE", f"{path}({member})/$ref")
    else:
        target = f"{upheaval.line.url}/api/data/v9.2/{entity_set(table)}({member})"
        upheaval.send("POST", f"{path}/$ref", {"@odata.id": target})
    return True


EDITS: dict[str, Callable[[Upheaval], bool]] = {
    function.__name__: function for function in (change, move, delete, create, link)
}
