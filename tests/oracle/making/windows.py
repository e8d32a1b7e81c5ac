"""Windows of every form."""

from tests.oracle.making.setting import Setting
from tests.oracle.values import Node

Window = dict[str, Node]
_WEEKDAYS = ["saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"]
_PERIODS = [
    "day",
    "week",
    "week",
    "week",
    "month",
    "month",
    "quarter",
    "year",
    "fiscal_quarter",
    "fiscal_year",
]


def window(setting: Setting) -> Window:
    """A window without `date`: a form, and sometimes calendar settings of its own."""
    form = setting.pick([_rolling, _rolling, _period, _period, _fixed])
    return {**form(setting), **_calendar(setting)}


def length(setting: Setting) -> str:
    """A duration such as `30 days` or `1 month`."""
    unit, most = setting.pick([("day", 90), ("week", 8), ("month", 14), ("year", 2)])
    count = setting.pick([1, 1, setting.dice.randint(1, most)])
    return f"{count} {unit}" + ("" if count == 1 else "s")


def today_literal(setting: Setting) -> str:
    """`@today`, `@today-30`, `@today+7`."""
    days = setting.pick([0, -1, 1, setting.dice.randint(-60, 60)])
    return "@today" if days == 0 else f"@today{days:+d}"


def _rolling(setting: Setting) -> Window:
    form = setting.pick(["last", "last", "next"])
    return {form: length(setting), **_offset(setting)}


def _period(setting: Setting) -> Window:
    to_date = {"to_date": setting.chance(0.7)} if setting.chance(0.3) else {}
    return {"period": setting.pick(_PERIODS), **_offset(setting), **to_date}


def _fixed(setting: Setting) -> Window:
    names = setting.pick([["from"], ["to"], ["from", "to"]])
    return {name: _edge(setting) for name in names}


def _edge(setting: Setting) -> str:
    if setting.chance(0.3):
        return today_literal(setting)
    return setting.pick(["2026-03-21", "2025-12-31", "2026-06-01", "2027-03-21"])


def _offset(setting: Setting) -> Window:
    return {"offset": setting.dice.randint(-3, 2)} if setting.chance(0.4) else {}


def _calendar(setting: Setting) -> Window:
    own: Window = {}
    if setting.chance(0.2):
        own["calendar"] = setting.pick(["gregorian", "jalali"])
    if setting.chance(0.1):
        own["week_start"] = setting.pick(_WEEKDAYS)
    if setting.chance(0.1):
        own["fiscal_year_start"] = setting.dice.randint(1, 12)
    return own
