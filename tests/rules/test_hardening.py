"""Whatever a file holds, the answer is a model or complaints: never a crash of our own."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from gradesys.errors import RuleError
from gradesys.rules.composing import Path
from gradesys.rules.document import Document, load_document
from gradesys.rules.parse import parse_model
from gradesys.rules.schema import json_schema
from gradesys.rules.validate import check_model
from gradesys.rules.version import model_version
from tests.rules.org import CUSTOMER_GRADE, ORDER_PRIORITY, SCHEMA

FILES = [
    load_document(f"schema: gradesys/v1\n{text}", "f") for text in (CUSTOMER_GRADE, ORDER_PRIORITY)
]
KEYS = sorted(
    {key for node in json_schema()["$defs"].values() for key in node.get("properties", ())}
)
VALUES: list[Any] = load_document(
    """
    [0, 3, -1, 0.5, 1e300, 1e-300, true, false, null, '', x, $p, '@today', '@today-9999999',
     '2026-01-01', '2026-01-01T00:00', 3 months, 999999 years, 0 days, day, [], {}, [1], {a: 1},
     [[[]]], value, 1/0, points(x), ((((, جمع, {last: 3 days}, {true: 1}, {1: x}, sum, statecode,
     gs_score, customerid.name]
    """,
    "values",
).data


def paths(data: Any, path: Path = ()) -> Iterator[Path]:
    """Every place below the top."""
    steps = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data if isinstance(data, list) else ())
    )
    for step, inner in steps:
        yield (*path, step)
        yield from paths(inner, (*path, step))


def spoil(rng: random.Random, data: Any) -> None:
    """Put something else in one place, or give a value another key."""
    *above, last = rng.choice(list(paths(data)))
    for step in above:
        data = data[step]
    alike = [value for value in VALUES if type(value) is type(data[last])]
    way = rng.random()
    if way < 0.7:
        data[last] = deepcopy(rng.choice(alike if alike and way < 0.6 else VALUES))
    elif isinstance(data, dict):
        data[rng.choice(KEYS)] = data.pop(last) if way < 0.85 else deepcopy(rng.choice(VALUES))
    else:
        data.append(deepcopy(rng.choice(VALUES)))


def outcome(data: Any, text: str) -> str:
    try:
        model = parse_model(Document(data, "f", text), {})
    except RuleError as error:
        assert all(problem.place for problem in error.problems)
        return "refused"
    assert len(model_version(model)) == 12
    alone, in_org = (check_model(model, schema).errors for schema in (None, SCHEMA))
    return "wrong" if alone else "unfit" if in_org else "good"


@pytest.mark.parametrize("seed", range(4))
def test_a_spoilt_file_is_refused_or_read(seed: int) -> None:
    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(150):
        file = rng.choice(FILES)
        data = deepcopy(file.data)
        for _ in range(rng.choice([1, 1, 2])):
            spoil(rng, data)
        seen[outcome(data, file.text)] += 1
    assert min(seen["refused"], seen["wrong"], seen["unfit"], seen["good"]) >= 4
