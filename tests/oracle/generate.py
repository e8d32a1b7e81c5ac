"""Seeded random cases in the shape of a case file: valid models over awkward rows.

The same seed and level give the same case on every machine.
"""

import datetime as dt
import random
from collections.abc import Iterator

from tests.oracle.clock import Clock, model_clock
from tests.oracle.making.cells import few_texts, spelled
from tests.oracle.making.models import parametrised, random_model
from tests.oracle.making.rows import Rows, first_id
from tests.oracle.making.schema import SCORED
from tests.oracle.making.setting import Setting
from tests.oracle.making.sharpening import sharpen
from tests.oracle.making.states import add_state
from tests.oracle.values import Node
from tests.oracle.windows import window_range

Case = dict[str, Node]
_ZONES = [None, None, None, "Asia/Tehran", "UTC", "Europe/Berlin", "America/New_York"]
_DAYS = [
    "2026-06-15",
    "2026-03-20",
    "2026-03-21",
    "2026-03-30",
    "2026-03-31",
    "2024-02-29",
    "2025-12-31",
    "2026-10-25",
    "2022-03-22",  # the last spring in which Tehran's clocks moved, at midnight
    "2021-09-22",
]


def random_case(seed: int, level: str = "line") -> Case:
    """{model, tables, record, as_of, previous?, cutpoints?}; level is "line" or "full"."""
    dice = random.Random(f"{level} {seed}")
    calendar = calendar_keys(dice)
    clock = model_clock(calendar, delicate_instant(dice, calendar))
    setting = Setting(dice, level, clock)
    setting.texts.extend(few_texts(setting))
    record, scored = first_id(setting), setting.pick(SCORED)
    model = {"table": scored, **calendar, **random_model(setting, scored)}
    setting.days.extend(window_edges(model, clock))
    case = {
        "model": model,
        "tables": Rows(setting, scored, record).tables(),
        "record": record,
        "as_of": spelled(setting, clock.now, literal=True),
    }
    if setting.full and "grades" in model:
        add_state(setting, case)
    sharpen(setting, case)
    return {**case, "model": parametrised(setting, case["model"])}


def calendar_keys(dice: random.Random) -> Case:
    """Random `timezone`, `calendar`, `week_start` and `fiscal_year_start`, or none of them."""
    keys: Case = {}
    if zone := dice.choice(_ZONES):
        keys["timezone"] = zone
    if dice.random() < 0.5:
        keys["calendar"] = dice.choice(["gregorian", "jalali", "jalali"])
    if dice.random() < 0.2:
        keys["week_start"] = dice.choice(["saturday", "monday", "sunday"])
    if dice.random() < 0.2:
        keys["fiscal_year_start"] = dice.randint(1, 12)
    return keys


def delicate_instant(dice: random.Random, calendar: Case) -> dt.datetime:
    """An instant of a delicate day: its first or last second, or any."""
    day = dt.date.fromisoformat(dice.choice(_DAYS))
    zone = model_clock(calendar, "2026-01-01T00:00:00Z")
    midnight = zone.instant(day)
    end = zone.instant(day + dt.timedelta(days=1))
    second = dt.timedelta(seconds=1)
    length = (end - midnight) // second
    return midnight + second * dice.choice([0, length - 1, length // 2, dice.randrange(length)])


def window_edges(model: Case, clock: Clock) -> list[dt.date]:
    """The first days in and after every window of the model."""
    ranges = [window_range(window, clock) for window in _windows(model)]
    return [day for days in ranges for day in days if day is not None]


def _windows(node: Node) -> Iterator[Case]:
    if isinstance(node, list):
        for item in node:
            yield from _windows(item)
    elif isinstance(node, dict):
        if any(
            isinstance(node.get(form), str) for form in ("last", "next", "period", "from", "to")
        ):
            yield node
        for item in node.values():
            yield from _windows(item)
