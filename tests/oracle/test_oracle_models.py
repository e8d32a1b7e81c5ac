"""How a model is read, merged and filled with params (2, 15.8, 15.10)."""

from decimal import Decimal

import pytest

from tests.oracle.errors import InputError
from tests.oracle.loading import load
from tests.oracle.merging import merge
from tests.oracle.params import resolve
from tests.oracle.values import Flag, Node


@pytest.mark.parametrize(
    ("text", "scalar"),
    [
        ("010", Decimal(10)),
        ("-.5", Decimal("-0.5")),
        ("1e3", Decimal(1000)),
        ("3.", Decimal(3)),
        ("true", True),
        ("True", "True"),
        ("no", "no"),
        ("on", "on"),
        ("~", None),
        ("NULL", "NULL"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        ("2026-06-15", "2026-06-15"),
        ("'1'", "1"),
        ('"null"', "null"),
    ],
)
def test_a_plain_scalar_is_a_number_true_false_null_or_text(text: str, scalar: Node) -> None:
    found = load(f"key: {text}")["key"]
    assert (type(found), found) == (type(scalar), scalar)


def test_one_and_true_are_different_keys() -> None:
    assert load("{1: a, true: b}") == {Decimal(1): "a", Flag.TRUE: "b"}


@pytest.mark.parametrize("text", ["{a: 1, a: 2}", "{a: &x 1}", "{a: &x 1, b: *x}", "{a: !!str 1}"])
def test_duplicate_keys_anchors_and_tags_are_errors(text: str) -> None:
    with pytest.raises(InputError):
        load(text)


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ("{a: {b: 1, c: 2}}", "{a: {c: 3}}", "{a: {b: 1, c: 3}}"),
        ("{a: [1, 2]}", "{a: [3]}", "{a: [3]}"),
        ("{a: 1, b: 2}", "{a: null}", "{b: 2}"),
        ("{f: {}}", "{f: {ownerid: null}}", "{f: {ownerid: null}}"),
        ("{}", "{f: {ownerid: null}}", "{f: {ownerid: null}}"),
        (
            "{indicators: {x: {points: {bands: [], y: 1}}}}",
            "{indicators: {x: {points: {map: {1: 2}}}}}",
            "{indicators: {x: {points: {y: 1, map: {1: 2}}}}}",
        ),
        (
            "{indicators: {x: {points: {map: {1: 2}, otherwise: 0}}}}",
            "{indicators: {x: {points: {quantiles: 2, points: [1, 2]}}}}",
            "{indicators: {x: {points: {quantiles: 2, points: [1, 2]}}}}",
        ),
        (
            "{indicators: {x: {points: {map: {1: 2}}}}}",
            "{indicators: {x: {points: identity}}}",
            "{indicators: {x: {points: identity}}}",
        ),
        (
            "{indicators: {x: {window: {date: d, last: 3 months}}}}",
            "{indicators: {x: {window: {offset: -1}}}}",
            "{indicators: {x: {window: {date: d, last: 3 months, offset: -1}}}}",
        ),
        (
            "{indicators: {x: {window: {date: d, period: month, offset: -1, to_date: true}}}}",
            "{indicators: {x: {window: {last: 3 months}}}}",
            "{indicators: {x: {window: {date: d, last: 3 months}}}}",
        ),
        (
            "{indicators: {x: {lookup: a, of: t, column: c}}}",
            "{indicators: {x: {path: [], row_expression: c + 1}}}",
            "{indicators: {x: {of: t, path: [], row_expression: c + 1}}}",
        ),
        (
            "{indicators: {x: {decay: {date: d, every: 30 days, rate: 1}}}}",
            "{indicators: {x: {decay: {until: 9 days}}}}",
            "{indicators: {x: {decay: {date: d, until: 9 days}}}}",
        ),
        (
            "{grades: {downgrade: {hold: 9 days, max_steps: 1}}}",
            "{grades: {downgrade: {until_end_of: year}}}",
            "{grades: {downgrade: {max_steps: 1, until_end_of: year}}}",
        ),
        (
            "{population: {d: {within: {from: 2026-01-01, to: 2026-02-01}}}}",
            "{population: {d: {within: {next: 1 day}}}}",
            "{population: {d: {within: {next: 1 day}}}}",
        ),
    ],
)
def test_one_tree_is_laid_over_another(base: str, over: str, merged: str) -> None:
    found, wanted = merge(load(base), load(over)), load(merged)
    assert found == wanted
    assert str(found) == str(wanted), "the order of the keys counts"


def test_a_param_replaces_whole_scalars_and_keys_and_may_name_another() -> None:
    model = load("{params: {a: $b, b: 5, c: statecode}, filter: {$c: $a}, text: 'x $a'}")
    assert resolve(model) == load(
        "{filter: {statecode: 5}, text: 'x $a', params: {a: 5, b: 5, c: statecode}}"
    )


@pytest.mark.parametrize("text", ["{params: {a: $b, b: $a}}", "{params: {a: 1}, x: $nobody}"])
def test_an_unknown_or_circular_param_is_an_error(text: str) -> None:
    with pytest.raises(InputError):
        resolve(load(text))
