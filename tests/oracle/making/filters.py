"""Filters whose operands fit the column's kind, nested and with every operator."""

from collections.abc import Callable

from tests.oracle.making.cells import AMOUNTS, day, spelled
from tests.oracle.making.schema import DATES, SCHEMA, columns
from tests.oracle.making.setting import Setting
from tests.oracle.making.windows import today_literal, window
from tests.oracle.values import Node

Filter = dict[str, Node]
_KINDS = ("state", "amount", "text", "flag", *DATES)
_ORDERED = ["gt", "ge", "lt", "le"]


def random_filter(setting: Setting, table: str, depth: int = 1) -> Filter:
    """A filter over a table's columns and, now and then, its parents'."""
    if depth and setting.chance(0.25):
        return _nested(setting, table, depth)
    chosen = setting.some(columns(table, _KINDS, dotted=setting.chance(0.25)), 1, 2)
    made = {column: _test(setting, kind) for column, kind in chosen}
    return {**made, **_lookup_test(setting, table)} if setting.chance(0.1) else made


def light_filter(setting: Setting, table: str) -> Filter:
    """A filter that most rows pass: the usual state test."""
    return {"statecode": setting.pick([0, [0, 1, 2], {"ne": 1}, {"not_in": [1]}, {"le": 2}])}


def _nested(setting: Setting, table: str, depth: int) -> Filter:
    word = setting.pick(["any", "all", "not"])
    if word != "not" and setting.chance(0.08):
        return {word: []}
    parts = [random_filter(setting, table, depth - 1) for _ in range(setting.dice.randint(1, 3))]
    return {word: parts[0] if word == "not" and len(parts) == 1 else parts}


def _lookup_test(setting: Setting, table: str) -> Filter:
    lookups = list(SCHEMA[table].lookups)
    test = setting.pick([None, {"ne": None}, {"is_null": False}, "X2", {"in": ["x1", "x3"]}])
    return {setting.pick(lookups): test} if lookups else {}


def _test(setting: Setting, kind: str) -> Node:
    if setting.chance(0.08):
        return setting.pick([None, {"eq": None}, {"ne": None}, {"gt": None}])
    if setting.chance(0.08):
        return {"is_null": setting.chance(0.5)}
    return _TESTS[kind](setting)


def _number_test(operand: Callable[[Setting], Node]) -> Callable[[Setting], Node]:
    def test(setting: Setting) -> Node:
        one, two = operand(setting), operand(setting)
        with_null = setting.pick([[one, two], [one, None], [one]])
        return setting.pick(
            [
                one,
                with_null,
                {setting.pick(["eq", "ne"]): one},
                {setting.pick(["in", "not_in"]): with_null},
                {setting.pick(_ORDERED): one},
                {"ge": min(one, two), "lt": max(one, two)},
                {"between": sorted([one, two])},
            ]
        )

    return test


def _text_test(setting: Setting) -> Node:
    text = setting.pick(setting.texts)
    part = text[:2] if setting.chance(0.5) else text[-2:]
    if setting.chance(0.4):
        return {setting.pick(["contains", "starts_with", "ends_with"]): part}
    return setting.pick(
        [
            text,
            [text, setting.pick(setting.texts)],
            {setting.pick(["eq", "ne", *_ORDERED]): text},
            {"not_in": [text, None]},
        ]
    )


def _flag_test(setting: Setting) -> Node:
    flag = setting.chance(0.5)
    return setting.pick(
        [flag, [flag], {setting.pick(["eq", "ne"]): flag}, {"not_in": [flag, None]}]
    )


def _date_test(setting: Setting) -> Node:
    literals = sorted(day(setting).isoformat() for _ in range(2))
    one = today_literal(setting) if setting.chance(0.4) else literals[0]
    exact = spelled(setting, setting.clock.instant(day(setting)), literal=True)
    return setting.pick(
        [
            one,
            {setting.pick(["eq", "ne", *_ORDERED]): one},
            {setting.pick(_ORDERED): exact},
            {setting.pick(["in", "not_in"]): [one, None]},
            {"between": literals},
            {"within": window(setting)},
        ]
    )


_TESTS: dict[str, Callable[[Setting], Node]] = {
    "state": _number_test(lambda setting: setting.pick([0, 1, 2])),
    "amount": _number_test(lambda setting: setting.pick(AMOUNTS)),
    "text": _text_test,
    "flag": _flag_test,
    "day": _date_test,
    "instant": _date_test,
}
