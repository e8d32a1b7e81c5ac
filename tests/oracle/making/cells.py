"""Single values for rows and rules: few enough to collide, odd enough to hurt."""

import datetime as dt
from decimal import Decimal

from tests.oracle.making.setting import Setting
from tests.oracle.values import Node


def decimals(text: str) -> list[Decimal]:
    """The numbers of a text, parted by spaces."""
    return [Decimal(word) for word in text.split()]


AMOUNTS = decimals(
    "0 0.1 0.2 0.3 0.5 1 1.00 2 2.5 5 10 20 30 49.995 50 60 79.995 80 100 1000 -0.1 -5 333.33 "
    "0.0001 1000000.01 98765432109.8765"
)
# Each line is one text after normalisation; neighbouring lines are not.
_SPELLINGS = [
    ["شركت ١٢", "شرکت 12", "شرکت ۱۲"],
    ["Caf\u00e9", "CAFE\u0301"],
    ["tea", "TEA", "Tea"],
    ["Straße", "STRASSE"],
    ["می\u200cروم", "ميروم"],
    ["کتـاب", "كتاب"],
    ["علی", "على", "علي"],
    ["12", "۱۲"],
    ["teapot"],
    [" tea"],
    [""],
]
_SECOND = dt.timedelta(seconds=1)


def value(setting: Setting, kind: str) -> Node:
    """A value of a kind as it stands in a row; never null."""
    if kind == "instant":
        return instant(setting)
    if kind == "day":
        return day(setting).isoformat()
    if kind == "state":
        return setting.pick([0, 1, 2])
    if kind == "flag":
        return setting.chance(0.5)
    return setting.pick(setting.texts) if kind == "text" else amount(setting)


def few_texts(setting: Setting) -> list[str]:
    """The texts of one case: so few that rows and rules often mean the same one."""
    return [text for spellings in setting.some(_SPELLINGS, 2, 4) for text in spellings]


def amount(setting: Setting) -> Decimal:
    """A number from the pool, or money at random."""
    if setting.chance(0.7):
        return setting.pick(AMOUNTS)
    return Decimal(setting.dice.randint(-20_000, 1_000_000)).scaleb(-2)


def day(setting: Setting) -> dt.date:
    """A day on or beside the edge of a window, or any day of the two years around today."""
    if setting.days and setting.chance(0.6):
        return setting.pick(setting.days) + dt.timedelta(days=setting.pick([-1, 0, 0, 1]))
    return setting.clock.today + dt.timedelta(days=setting.dice.randint(-400, 200))


def instant(setting: Setting) -> str:
    """A local midnight, a second beside it or any second of a day, in any allowed spelling."""
    midnight = setting.clock.instant(day(setting))
    seconds = setting.pick([0, 0, -1, 1, setting.dice.randint(0, 86_399)])
    return spelled(setting, midnight + seconds * _SECOND)


def spelled(setting: Setting, moment: dt.datetime, literal: bool = False) -> str:
    """An instant as text; a `literal` of a rule file carries its offset."""
    local = moment.astimezone(setting.clock.zone)
    whole_minutes = local.utcoffset() == dt.timedelta(
        minutes=(local.utcoffset() or dt.timedelta()) // dt.timedelta(minutes=1)
    )
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    spellings = [f"{text}Z", f"{text}.000Z", f"{text}+00:00"]
    if whole_minutes:
        spellings.append(local.isoformat())
    if not literal:
        spellings.append(text)
    if moment.second == 0:
        spellings.append(f"{text[:-3]}Z")
    return setting.pick(spellings)
