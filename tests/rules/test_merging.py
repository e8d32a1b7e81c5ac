"""One document over another (rules.md 15.8)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from gradesys.rules.document import load_document
from gradesys.rules.merging import conflicts, merge
from tests.oracle import merging as judge


def data(text: str) -> Any:
    return load_document(text, "t").data


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ("{a: 1, b: {c: 2, d: 3}}", "{b: {c: 9}}", "{a: 1, b: {c: 9, d: 3}}"),
        ("{a: [1, 2]}", "{a: [3]}", "{a: [3]}"),
        ("{a: {b: 1}}", "{a: 5}", "{a: 5}"),
        ("{a: 5}", "{a: {b: null}}", "{a: {b: null}}"),
        ("{a: 1, b: 2}", "{a: null}", "{b: 2}"),
        ("{a: 1}", "{b: null}", "{a: 1, b: null}"),
        ("{population: {}}", "{population: {ownerid: null}}", "{population: {ownerid: null}}"),
        ("{a: null}", "{a: null}", "{}"),
        ("{a: null}", "{a: {b: 1}}", "{a: {b: 1}}"),
    ],
)
def test_maps_merge_and_everything_else_replaces(base: str, over: str, merged: str) -> None:
    assert merge(data(base), data(over)) == data(merged)


@pytest.mark.parametrize(
    ("part", "base", "over", "merged"),
    [
        ("points", "{map: {1: 2}, otherwise: 3}", "{bands: [5]}", "{bands: [5]}"),
        ("points", "{rules: [1], hit: sum}", "{map: {1: 2}}", "{map: {1: 2}}"),
        ("points", "{rules: [1], hit: sum}", "{hit: max}", "{rules: [1], hit: max}"),
        ("points", "identity", "{bands: [5]}", "{bands: [5]}"),
        ("points", "{bands: [5]}", "identity", "identity"),
        ("points", "{map: {1: 2}}", "{map: {3: 4}}", "{map: {1: 2, 3: 4}}"),
        (
            "window",
            "{date: d, last: 3 months}",
            "{offset: -1}",
            "{date: d, last: 3 months, offset: -1}",
        ),
        ("window", "{last: 1 day, offset: -1}", "{last: 2 days}", "{last: 2 days, offset: -1}"),
        (
            "window",
            "{date: d, last: 1 day, offset: -1}",
            "{next: 2 days}",
            "{date: d, next: 2 days}",
        ),
        ("window", "{period: year, to_date: true, offset: 1}", "{from: x}", "{from: x}"),
        ("window", "{from: a, to: b}", "{to: c}", "{from: a, to: c}"),
        ("window", "{from: a, to: b}", "{period: day}", "{period: day}"),
        ("window", "{period: day}", "{last: null}", "{period: day, last: null}"),
        (
            "decay",
            "{date: d, every: 1 day, rate: 1}",
            "{until: 2 days}",
            "{date: d, until: 2 days}",
        ),
    ],
)
def test_naming_one_member_of_an_exclusive_set_removes_the_others(
    part: str, base: str, over: str, merged: str
) -> None:
    def model(text: str) -> Any:
        return {"indicators": {"x": {part: data(text)}}}

    assert merge(model(base), model(over)) == model(merged)


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        (
            "{indicators: {x: {path: [1], column: a}}}",
            "{indicators: {x: {lookup: l, row_expression: e}}}",
            "{indicators: {x: {lookup: l, row_expression: e}}}",
        ),
        (
            "{grades: {downgrade: {hold: 90 days, max_steps: 1}}}",
            "{grades: {downgrade: {until_end_of: year}}}",
            "{grades: {downgrade: {max_steps: 1, until_end_of: year}}}",
        ),
        (
            "{population: {due: {within: {last: 3 days, offset: 1}}}}",
            "{population: {due: {within: {period: month}}}}",
            "{population: {due: {within: {period: month}}}}",
        ),
        ("{params: {last: 1}}", "{params: {next: 2}}", "{params: {last: 1, next: 2}}"),
    ],
)
def test_exclusive_sets_are_known_by_where_they_stand(base: str, over: str, merged: str) -> None:
    assert merge(data(base), data(over)) == data(merged)


def test_base_order_stays_and_new_keys_go_last() -> None:
    merged = merge(data("{a: 1, b: 2, c: 3}"), data("{z: 0, c: 4, a: 5}"))
    assert list(merged) == ["a", "b", "c", "z"]


def test_neither_document_is_changed() -> None:
    base, over = data("{a: {b: 1}}"), data("{a: {b: null, c: 2}}")
    merge(base, over)
    assert (base, over) == (data("{a: {b: 1}}"), data("{a: {b: null, c: 2}}"))


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("{indicators: {x: {points: {bands: [], map: {}}}}}", [("bands", "map")]),
        ("{indicators: {x: {window: {last: a, from: b}}}}", [("last", "from")]),
        ("{indicators: {x: {window: {from: a, to: b}}}}", []),
        ("{indicators: {x: {column: a, row_expression: b}}}", [("column", "row_expression")]),
        ("{indicators: {x: {column: a, row_expression: null}}}", []),
        ("{population: {any: [{d: {within: {last: a, next: b}}}]}}", [("last", "next")]),
        ("{grades: {downgrade: {hold: a, until_end_of: b}}}", [("hold", "until_end_of")]),
    ],
)
def test_two_members_in_one_map_are_found(text: str, members: list[tuple[str, ...]]) -> None:
    assert [conflict.members for conflict in conflicts(data(text))] == members


LEAVES: tuple[Any, ...] = (1, None, [1], {}, {"a": 1})
SETS = {
    "points": ("bands", "linear", "map", "otherwise", "rules", "hit", "quantiles", "points"),
    "window": ("date", "last", "next", "period", "from", "to", "offset", "to_date"),
    "decay": ("date", "half_life", "every", "rate", "until"),
    "filter": ("within", "last", "any"),
}
OWN = ("lookup", "path", "paths", "column", "row_expression", "type")


def some(rng: random.Random, keys: Iterable[str], draw: Callable[[str], Any]) -> dict[str, Any]:
    """A map of a few of the keys, in any order."""
    named = list(keys)
    return {key: draw(key) for key in rng.sample(named, rng.randrange(min(5, len(named) + 1)))}


def any_model(rng: random.Random) -> dict[str, Any]:
    def leaf(_: str) -> Any:
        return rng.choice(LEAVES)

    def days(_: str) -> Any:
        return rng.choice([some(rng, SETS["window"], leaf), leaf("")])

    def part(name: str) -> Any:
        inside = days if name == "filter" else leaf
        return rng.choice([some(rng, SETS[name], inside), leaf("")]) if name in SETS else leaf("")

    names = (*OWN, *SETS)
    return {
        "indicators": some(rng, ("x", "points"), lambda _: some(rng, names, part)),
        "grades": {"downgrade": some(rng, ("hold", "until_end_of", "max_steps"), leaf)},
        "population": {"due": {"within": days("")}},
    }


def test_merging_agrees_with_the_oracle_in_values_and_in_order() -> None:
    rng = random.Random(15)
    differing = 0
    for _ in range(2_000):
        base, over = any_model(rng), any_model(rng)
        merged = merge(base, over)
        assert repr(merged) == repr(judge.merge(base, over))
        differing += merged not in (base, over, {**base, **over})
    assert differing > 1_500
