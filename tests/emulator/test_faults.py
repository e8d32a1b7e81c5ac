"""Which requests a fault rule hits, how often, and what a test may ask for."""

import json
from typing import Any

import msgspec
import pytest

from emulator.faults import Faults, parse_faults

PATCH = ("PATCH", "/api/data/v9.2/accounts(x)", "gradesys/0.1")


def faults(*rules: dict[str, Any]) -> Faults:
    found = Faults()
    found.replace(parse_faults(json.dumps({"rules": list(rules)}).encode()))
    return found


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({}, True),
        ({"method": "PATCH"}, True),
        ({"method": "GET"}, False),
        ({"path": "/api/data/"}, True),
        ({"path": "/api/other"}, False),
        ({"user_agent": "gradesys"}, True),
        ({"user_agent": "radesys"}, False),
        ({"method": None, "path": None, "user_agent": None}, True),
    ],
)
def test_absent_keys_match_everything_and_texts_are_prefixes(
    match: dict[str, Any], hit: bool
) -> None:
    assert (faults({"match": match, "status": 503}).pick(*PATCH) is not None) is hit


def test_the_first_rule_that_fires_wins() -> None:
    chosen = faults({"status": 500, "probability": 0}, {"status": 502}, {"status": 503}).pick(
        *PATCH
    )
    assert chosen is not None
    assert chosen.status == 502


def test_a_rule_fires_no_more_often_than_its_times() -> None:
    found = faults({"status": 429, "times": 2})
    assert [found.pick(*PATCH) is not None for _ in range(4)] == [True, True, False, False]


def test_without_times_a_rule_fires_for_ever() -> None:
    found = faults({"status": 429, "times": None})
    assert all(found.pick(*PATCH) for _ in range(50))


def test_a_probability_is_about_kept_and_repeatable() -> None:
    first, second = (
        faults({"status": 429, "probability": 0.3}),
        faults({"status": 429, "probability": 0.3}),
    )
    drawn = [first.pick(*PATCH) is not None for _ in range(1000)]
    assert drawn == [second.pick(*PATCH) is not None for _ in range(1000)]
    assert 230 < sum(drawn) < 370


def test_a_new_plan_replaces_the_whole_and_an_empty_one_ends_all_faults() -> None:
    found = faults({"status": 429, "times": 1})
    found.replace(parse_faults(b'{"webhooks": {"drop": 1}}'))
    assert found.pick(*PATCH) is None
    assert found.webhooks.drop == 1
    found.replace(parse_faults(b"{}"))
    assert found.webhooks.drop == 0


@pytest.mark.parametrize(
    "document",
    [
        {"rule": []},
        {"rules": [{"status": 500, "chance": 1}]},
        {"rules": [{"match": {"host": "x"}, "status": 500}]},
        {"rules": [{"delay_ms": 5, "after_apply": True}]},
        {"rules": [{"code": "0x80044150"}]},
        {"webhooks": {"lose": 1}},
    ],
)
def test_an_unknown_member_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        parse_faults(json.dumps(document).encode())
