"""Every stored output of any set of models against the oracle, from the rows as they are now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.line.arena import ABSENT, LINKS, TABLES, TYPE
from tests.line.running import Json, Line
from tests.oracle.evaluate import Oracle
from tests.oracle.making.schema import SCHEMA
from tests.oracle.result import Result
from tests.oracle.world import World

SETS = {"opportunity": "opportunities"}


def entity_set(table: str) -> str:
    """The name of a table's rows in the Web API."""
    return SETS.get(table, f"{table}s")


def read_world(line: Line, models: list[Json]) -> dict[str, list[Json]]:
    """All rows with every column that a model may read or write, numbers exact."""
    found = {table: _read(line, table, models) for table in TABLES}
    links = line.rows(f"{LINKS}s?$select=listmemberid,_entityid_value,_listid_value")
    return {**found, LINKS: [_case_row(link) for link in links]}


def _read(line: Line, table: str, models: list[Json]) -> list[Json]:
    outputs = [c for m in models if m["table"] == table for c in m["output"].values()]
    lookups = [f"_{name}_value" for name in SCHEMA[table].lookups]
    own = [name for name in SCHEMA[table].columns if name not in {"gs_score", *ABSENT}]
    own += ["creditlimit_base"] if table in ("account", "contact") else []
    names = ",".join(dict.fromkeys([f"{table}id", *own, *lookups, *outputs]))
    answer = line.session.get(
        f"{line.url}/api/data/v9.2/{entity_set(table)}?$select={names}",
        headers={
            "Prefer": f'odata.include-annotations="{TYPE[1:]},'
            'OData.Community.Display.V1.FormattedValue"'
        },
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    return [_case_row(row) for row in json.loads(answer.text, parse_float=Decimal)["value"]]


def _case_row(row: Json) -> Json:
    case: Json = {}
    for name, value in row.items():
        bare, _, annotation = name.partition("@")
        if bare[:1] == "_":
            column = bare[1:-6]
            case[f"{column}@type" if annotation else column] = value
            if annotation and not annotation.endswith("lookuplogicalname"):
                del case[f"{column}@type"]
        elif not annotation:
            case[name] = value
        elif annotation.endswith("FormattedValue"):
            case[f"{bare}@shown"] = value
    return case


def wrong(line: Line, models: list[Json], as_of: datetime) -> list[str]:
    """A line for every stored output that is not what the oracle says."""
    world = read_world(line, models)
    return [text for model in models for text in _wrong_of(model, world, as_of)]


def _wrong_of(model: Json, tables: Mapping[str, list[Json]], as_of: datetime) -> Iterator[str]:
    oracle = Oracle(model, World(tables), as_of)
    for row in tables[model["table"]]:
        record = row[f"{model['table']}id"]
        due = oracle.evaluate(record)
        for text in _differences(model, row, due):
            yield f"{model['id']} {record}: {text}"


def _differences(model: Json, row: Json, due: Result) -> Iterator[str]:
    if due.error is not None:
        return
    if not due.in_population:
        if model.get("leave") == "clear":
            for role, column in model["output"].items():
                if row[column] is not None:
                    yield f"{role} should be cleared, is {row[column]!r}"
        return
    for role, column in model["output"].items():
        if role in WANTED:
            stored, wanted = SHOWN.get(role, _plain)(row, column), WANTED[role](due)
            if stored != wanted:
                yield f"{role} is {stored!r}, should be {wanted!r}"
    if "explanation" in model["output"] and row[model["output"]["explanation"]] is not None:
        yield from _explained(json.loads(row[model["output"]["explanation"]]), model)


def _plain(row: Json, column: str) -> Any:
    return row[column]


def _option(row: Json, column: str) -> Any:
    return row.get(f"{column}@shown")


def _explained(told: Json, model: Json) -> Iterator[str]:
    if model["score"].get("combine", "sum") not in ("sum", "weighted_average"):
        return  # there the parts explain without adding up (rules.md 14)
    pieces = [part["contribution"] for part in told["parts"]]
    pieces += [told["others"]["contribution"]] if "others" in told else []
    pieces += [*told["groups"].values(), told["base"], told["scale"], told["rounding"]]
    if told["score"] is not None and sum(map(Fraction, pieces)) != Fraction(told["score"]):
        yield f"the explanation does not add up: {told}"


def _grade(grade: Any) -> str | None:
    return None if grade is None else str(grade)


SHOWN = {"grade": _option, "raw_grade": _option}
WANTED: dict[str, Any] = {
    "score": lambda due: due.score,
    "grade": lambda due: _grade(due.grade),
    "raw_grade": lambda due: _grade(due.raw_grade),
    "reasons": lambda due: ",".join(due.reasons) or None,
    "below_since": lambda due: due.below_since,
}
