"""A seeded random org: a few models on one another's tables, and rows full of edges.

The models are those of the oracle's generator, put on the real metadata: two of them score what
the others read, several write to one table, and every output role is used.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.line.running import Json
from tests.oracle.clock import model_clock
from tests.oracle.generate import calendar_keys, delicate_instant, window_edges
from tests.oracle.making.cells import few_texts
from tests.oracle.making.models import parametrised, random_model
from tests.oracle.making.rows import Rows
from tests.oracle.making.schema import SCHEMA, SCORED
from tests.oracle.making.setting import Setting
from tests.oracle.values import moment

TYPE = "@Microsoft.Dynamics.CRM.lookuplogicalname"
TABLES = ("account", "contact", "invoice", "opportunity", "salesorder", "list")
LINKS = "listmember"
ABSENT = {"purchasedon", "quantiles", "top_percent"}
"""What a model of the line must not name: a column that the real table lacks, and ranks, for which
the line applies the cut points of its last resync while the oracle measures them at any moment."""
LOOKUPS = {table: SCHEMA[table].lookups for table in TABLES}
LOOKUP_NAMES = {name for lookups in LOOKUPS.values() for name in lookups}
BASES = ("account", "contact")
"""Scored first, into gs_score: what other models read."""
ROLES = [
    *("grade", "raw_grade", "reasons", "below_since", "explanation", "scored_on", "state"),
    *("model_version", "trend", "previous_score", "previous_grade", "grade_since"),
]
NEED_STATE = {"trend", "previous_score", "previous_grade", "grade_since"}
NEED_GRADES = {"grade", "raw_grade", "previous_grade", "grade_since", "below_since"}


@dataclass(frozen=True, slots=True)
class Arena:
    """``models`` as rule files hold them, ``rows`` as the Web API returns them."""

    level: str
    models: list[Json]
    rows: dict[str, list[Json]]
    as_of: datetime
    setting: Setting


def arena(seed: int, level: str = "line") -> Arena:
    """The same seed makes the same org. ``level``: of the language; "full" is all of it."""
    dice = random.Random(f"arena {seed}")
    as_of = delicate_instant(dice, calendar_keys(dice))
    setting = Setting(dice, level, model_clock({}, as_of))
    setting.texts.extend(few_texts(setting))
    tables = [*BASES, *(setting.pick(SCORED) for _ in range(3))]
    models = [_model(setting, table, number) for number, table in enumerate(tables)]
    return Arena(level, models, _rows(setting), as_of.astimezone(UTC), setting)


def _model(setting: Setting, table: str, number: int) -> Json:
    """Model ``number``; the first two write gs_score, and read no score."""
    calendar = calendar_keys(setting.dice)
    clock = model_clock(calendar, setting.clock.now)
    own = Setting(setting.dice, setting.level, clock, setting.days, setting.texts)
    made = random_model(own, table)
    while any(name in word for word in _words(made) for name in ABSENT):
        made = random_model(own, table)
    setting.days.extend(window_edges(made, clock))
    body = _adapted(parametrised(own, made), number < len(BASES))
    head = {"schema": "gradesys/v1", "id": f"m{number}_{table}", "table": table, **calendar}
    return {**head, **body, "output": _output(setting, body, number)}


def _words(node: Any) -> Iterator[str]:
    """Every key and every text of a model."""
    if isinstance(node, dict | list):
        for item in node:
            yield from _words(item)
    if isinstance(node, dict):
        for item in node.values():
            yield from _words(item)
    if isinstance(node, str):
        yield node


def _output(setting: Setting, body: Json, number: int) -> Json:
    score = "gs_score" if number < len(BASES) else f"gs_score{number}"
    roles = [role for role in ROLES if setting.chance(0.6)]
    if not {"trend", "previous_score"}.isdisjoint(roles) or setting.chance(0.5):
        roles.append("state")
    wanted = [
        role
        for role in dict.fromkeys(roles)
        if ("grades" in body or role not in NEED_GRADES)
        and ("state" in roles or role not in NEED_STATE)
        and ("reasons" in body or role != "reasons")
    ]
    return {"score": score, **{role: f"gs_{role.replace('_', '')}{number}" for role in wanted}}


def _adapted(node: Any, base: bool) -> Any:
    """Real columns and ids in a generated model."""
    if isinstance(node, dict):
        return {
            _column(key, base): _ids(item) if key in LOOKUP_NAMES else _adapted(item, base)
            for key, item in node.items()
        }
    if isinstance(node, list):
        return [_adapted(item, base) for item in node]
    return _column(node, base)


def _column(name: Any, base: bool) -> Any:
    if base and isinstance(name, str) and name.rpartition(".")[2] == "gs_score":
        return name.replace("gs_score", "creditlimit_base")
    return name


def _ids(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _ids(item) for key, item in node.items()}
    if isinstance(node, list):
        return [_ids(item) for item in node]
    return guid(node) if isinstance(node, str) else node


def guid(name: object) -> str:
    """The record id for a short name; spelled as the name is."""
    found = str(uuid.uuid5(uuid.NAMESPACE_OID, str(name).lower()))
    return found.upper() if str(name) != str(name).lower() else found


def _rows(setting: Setting) -> dict[str, list[Json]]:
    made = Rows(setting, "account", "x1").tables()
    links = [_link(row, made) for row in made[LINKS]]
    rows = {table: [_row(table, row) for row in made[table]] for table in TABLES}
    return {**rows, LINKS: [link for link in links if link]}


def _link(row: Json, made: Json) -> Json:
    """A member of a list: an account where there is one of this id, else a contact."""
    known = [t for t in BASES if guid(row["entityid"]) in {guid(r[f"{t}id"]) for r in made[t]}]
    return (
        {}
        if not known
        else {
            "listmemberid": guid(row["listmemberid"]),
            "_entityid_value": guid(row["entityid"]).lower(),
            f"_entityid_value{TYPE}": known[0],
            "_listid_value": guid(row["listid"]).lower(),
        }
    )


def _row(table: str, row: Json) -> Json:
    found: Json = {f"{table}id": guid(row[f"{table}id"]).lower()}
    for name, value in row.items():
        if name in LOOKUPS[table]:
            found |= _lookup(row, name, LOOKUPS[table][name])
        elif name == "gs_score":
            found["creditlimit_base"] = found["creditlimit"] = value
        elif name in SCHEMA[table].columns and name not in ABSENT:
            found[name] = _cell(SCHEMA[table].columns[name], value)
            if name == "statecode" and table in (*BASES, "list") and value == 2:
                found[name] = 1
            if name.endswith("_base"):
                found[name.removesuffix("_base")] = value
    return found


def _cell(kind: str, value: Any) -> Any:
    if kind == "instant" and value is not None:
        instant = moment(value)
        assert isinstance(instant, datetime)
        return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def _lookup(row: Json, name: str, targets: tuple[str, ...]) -> Json:
    if row[name] is None:
        return {}
    table = row.get(f"{name}@type", targets[0])
    return {f"_{name}_value": guid(row[name]).lower(), f"_{name}_value{TYPE}": table}


def plain(value: Any) -> Any:
    """Decimals as JSON numbers; every amount here has few digits."""
    return float(value) if isinstance(value, Decimal) else value
