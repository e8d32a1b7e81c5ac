"""What the sample organisation is made with: seeded dice, dates, money and lookups."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec import Struct

CURRENCY = "c0000000-0000-4000-8000-0000000000aa"
TYPE = "@Microsoft.Dynamics.CRM.lookuplogicalname"

Row = dict[str, Any]
Org = dict[str, list[Row]]


class Maker(Struct, frozen=True):
    """The seeded dice and the day that everything is relative to."""

    dice: Random
    today: datetime

    def id(self) -> str:
        """A new id."""
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def moment(self, days_back: int) -> str:
        """An instant within the last so many days."""
        back = timedelta(seconds=self.dice.randrange(days_back * 86_400))
        return (self.today - back).strftime("%Y-%m-%dT%H:%M:%SZ")

    def day(self, first: int, last: int) -> str:
        """A date so many days from today."""
        return (self.today + timedelta(days=self.dice.randint(first, last))).date().isoformat()

    def amount(self, typical: int) -> int:
        """A skewed amount of money: many small ones, few large ones."""
        return max(100, round(self.dice.lognormvariate(0, 0.9) * typical / 100) * 100)


def pointing(lookup: str, table: str, id: str) -> Row:
    """A lookup as the Web API returns it."""
    return {f"_{lookup}_value": id, f"_{lookup}_value{TYPE}": table}


def money(name: str, amount: int) -> Row:
    """An amount in the organisation's only currency."""
    return {name: amount, f"{name}_base": amount, "_transactioncurrencyid_value": CURRENCY}
