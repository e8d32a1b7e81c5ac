"""The generator must be worth its time: full of traps, never of errors, the same every run."""

import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.oracle.aggregates import OPS
from tests.oracle.cases import build_cases
from tests.oracle.evaluate import Oracle
from tests.oracle.filters import OPERATORS
from tests.oracle.functions import LENIENT, STRICT
from tests.oracle.generate import random_case
from tests.oracle.loading import load
from tests.oracle.making.sharpening import judged
from tests.oracle.making.traits import FULL_ONLY, TRAITS, traits
from tests.oracle.world import World
from tests.oracle.writing import as_yaml, case_file

_SEEDS = 500
_LEVELS = ["line", "full"]
_NOWHERE = Path()
_WORD = re.compile(r"[a-z_]+")
_FORMS = ["last", "next", "period", "to_date", "from", "to", "offset", "jalali", "fiscal_quarter"]
_FORMS += ["bands", "linear", "map", "otherwise", "rules", "quantiles", "transform", "default"]
_FORMS += ["path", "paths", "hierarchy", "many", "order_by", "limit", "decay", "row_expression"]
_FORMS += ["groups", "scale", "exclude", "min_indicators", "top_percent", "hysteresis", "downgrade"]


@cache
def _counts(level: str) -> Counter[str]:
    """How many of the seeds hold each trap."""
    found: Counter[str] = Counter()
    for seed in range(_SEEDS):
        case = random_case(seed, level)
        result = judged(case)
        found.update(traits(case, result))
        found["an error"] += result.error is not None
        words = set(_WORD.findall(as_yaml(case["model"])))
        found.update(f"word {word}" for word in words)
    return found


@pytest.mark.long
@pytest.mark.parametrize(
    ("level", "trait"),
    [
        (level, trait)
        for level in _LEVELS
        for trait in TRAITS
        if (level, trait in FULL_ONLY) != ("line", True)
    ],
)
def test_more_than_one_percent_of_the_cases_hold_each_trap(level: str, trait: str) -> None:
    share = 100 * _counts(level)[trait] / _SEEDS
    sys.stdout.write(f"{level}: {trait}: {share:.1f} %\n")
    assert share > 1


@pytest.mark.long
@pytest.mark.parametrize("word", [*OPS, *OPERATORS, *STRICT, *LENIENT, *_FORMS])
def test_more_than_one_percent_of_the_models_use_each_word_of_the_language(word: str) -> None:
    assert 100 * _counts("full")[f"word {word}"] / _SEEDS > 1


@pytest.mark.long
@pytest.mark.parametrize("level", _LEVELS)
def test_no_generated_case_is_an_error(level: str) -> None:
    assert _counts(level)["an error"] == 0


@pytest.mark.parametrize("level", _LEVELS)
def test_a_seed_gives_the_same_case_and_the_same_result(level: str) -> None:
    for seed in range(40):
        one, two = random_case(seed, level), random_case(seed, level)
        assert as_yaml(one) == as_yaml(two)
        assert judged(one) == judged(two)


@pytest.mark.parametrize("level", _LEVELS)
def test_the_order_of_the_rows_never_matters(level: str) -> None:
    for seed in range(40):
        case = random_case(seed, level)
        turned = {table: rows[::-1] for table, rows in case["tables"].items()}
        assert judged({**case, "tables": turned}) == judged(case)


@pytest.mark.parametrize("level", _LEVELS)
def test_a_case_written_and_read_again_meets_its_own_result(level: str) -> None:
    made = [(f"seed {seed}", random_case(seed, level)) for seed in range(40)]
    text = as_yaml(case_file((name, case, judged(case)) for name, case in made))
    for case in build_cases(load(text), _NOWHERE, _NOWHERE):
        assert (case.name, case.differences()) == (case.name, [])


def test_one_oracle_answers_for_many_records_as_for_one() -> None:
    for seed in range(40):
        case = random_case(seed, "full")
        table = case["model"]["table"]
        world = World(case["tables"])
        oracle = Oracle(case["model"], world, case["as_of"], case.get("cutpoints"))
        for row in reversed(case["tables"][table]):
            alone = judged({**case, "record": row[f"{table}id"]})
            assert oracle.evaluate(row[f"{table}id"], case.get("previous")) == alone
