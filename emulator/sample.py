"""A sample organisation for the demo: customers with Persian and English names, and their papers.

Seeded, so that two runs at the same instant give the same rows. ``python -m emulator.sample FILE
[ACCOUNTS]`` writes it in the shape that ``--data`` reads.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from emulator.sample_names import CITIES, COMPANIES, FIRST_NAMES, LAST_NAMES, TRADES

CURRENCY = "c0000000-0000-4000-8000-0000000000aa"
TYPE = "@Microsoft.Dynamics.CRM.lookuplogicalname"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows of each table."""

    accounts: int = 2_000
    contacts: int = 2_000
    invoices: int = 30_000
    opportunities: int = 6_000
    orders: int = 4_000
    cases: int = 3_000

    @classmethod
    def of(cls, accounts: int) -> Sizes:
        """A smaller org whose customers have as many papers as in the full one."""
        full = cls()
        sizes = (getattr(full, name) * accounts // full.accounts for name in cls.__slots__)
        return cls(*sizes)


FULL = Sizes()


@dataclass(frozen=True, slots=True)
class Maker:
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


def sample_org(today: datetime, sizes: Sizes = FULL, seed: int = 1405) -> dict[str, list[Row]]:
    """Every table's rows, as the Web API returns them."""
    make = Maker(Random(seed), today)
    accounts = [_account(make, place) for place in range(sizes.accounts)]
    contacts = [_contact(make, accounts) for _ in range(sizes.contacts)]
    customers = [("account", row["accountid"]) for row in accounts]
    people = [("contact", row["contactid"]) for row in contacts]

    def customer() -> tuple[str, str]:
        return make.dice.choice(customers if make.dice.random() < 0.9 else people)

    currency = {"transactioncurrencyid": CURRENCY, "currencyname": "ریال", "isocurrencycode": "IRR"}
    return {
        "transactioncurrency": [currency | {"currencysymbol": "﷼", "currencyprecision": 0}],
        "account": accounts,
        "contact": contacts,
        "invoice": [_invoice(make, place, customer()) for place in range(sizes.invoices)],
        "opportunity": [_opportunity(make, customer()) for _ in range(sizes.opportunities)],
        "salesorder": [_order(make, place, customer()) for place in range(sizes.orders)],
        "incident": [_case(make, place, customer()) for place in range(sizes.cases)],
    }


def _account(make: Maker, place: int) -> Row:
    persian = place % 2 == 0
    language = "fa" if persian else "en"
    name = f"{make.dice.choice(COMPANIES[language])} {make.dice.choice(TRADES[language])}"
    city = make.dice.choice(CITIES[language])
    return {
        "accountid": make.id(),
        "name": f"{name} {city}",
        "accountnumber": f"A-{place + 1:05d}",
        "address1_city": city,
        "statecode": 0 if make.dice.random() < 0.95 else 1,
        "createdon": make.moment(1500),
    }


def _contact(make: Maker, accounts: list[Row]) -> Row:
    language = make.dice.choice(("fa", "en"))
    first, last = make.dice.choice(FIRST_NAMES[language]), make.dice.choice(LAST_NAMES[language])
    return {
        "contactid": make.id(),
        "firstname": first,
        "lastname": last,
        "fullname": f"{first} {last}",
        "_parentcustomerid_value": make.dice.choice(accounts)["accountid"],
        f"_parentcustomerid_value{TYPE}": "account",
        "statecode": 0,
        "createdon": make.moment(1500),
    }


def _customer(pair: tuple[str, str]) -> Row:
    return {"_customerid_value": pair[1], f"_customerid_value{TYPE}": pair[0]}


def _money(name: str, amount: int) -> Row:
    return {name: amount, f"{name}_base": amount, "_transactioncurrencyid_value": CURRENCY}


def _invoice(make: Maker, place: int, customer: tuple[str, str]) -> Row:
    state, status = make.dice.choices(((0, 1), (2, 100001), (3, 100003)), (35, 60, 5))[0]
    return {
        "invoiceid": make.id(),
        "invoicenumber": f"INV-{place + 1:06d}",
        "name": f"INV-{place + 1:06d}",
        "statecode": state,
        "statuscode": status,
        "createdon": make.moment(720),
        "duedate": make.day(-60, 60),
        **_customer(customer),
        **_money("totalamount", make.amount(30_000)),
    }


def _opportunity(make: Maker, customer: tuple[str, str]) -> Row:
    state, status = make.dice.choices(((0, 1), (1, 3), (2, 4)), (50, 30, 20))[0]
    return {
        "opportunityid": make.id(),
        "name": make.dice.choice(("خرید سالانه", "توسعه", "Renewal", "New line")),
        "statecode": state,
        "statuscode": status,
        "estimatedclosedate": make.day(-30, 90),
        "createdon": make.moment(365),
        **_customer(customer),
        **_money("estimatedvalue", make.amount(60_000)),
    }


def _order(make: Maker, place: int, customer: tuple[str, str]) -> Row:
    state, status = make.dice.choices(((0, 1), (1, 3), (3, 100001)), (35, 25, 40))[0]
    return {
        "salesorderid": make.id(),
        "name": f"ORD-{place + 1:05d}",
        "ordernumber": f"ORD-{place + 1:05d}",
        "statecode": state,
        "statuscode": status,
        "requestdeliveryby": make.day(-10, 60),
        "createdon": make.moment(120),
        **_customer(customer),
        **_money("totalamount", make.amount(40_000)),
    }


def _case(make: Maker, place: int, customer: tuple[str, str]) -> Row:
    state, status = make.dice.choices(((0, 1), (1, 5)), (40, 60))[0]
    return {
        "incidentid": make.id(),
        "title": make.dice.choice(("تأخیر در تحویل", "Wrong item", "پرسش", "Invoice copy")),
        "ticketnumber": f"CAS-{place + 1:05d}",
        "statecode": state,
        "statuscode": status,
        "prioritycode": make.dice.choice((1, 2, 2, 3)),
        "createdon": make.moment(200),
        **_customer(customer),
    }


def main(arguments: Sequence[str]) -> None:
    """Write the file named first; the number of accounts may follow."""
    path, *accounts = arguments
    sizes = Sizes.of(int(accounts[0])) if accounts else FULL
    text = json.dumps(sample_org(datetime.now(UTC), sizes), ensure_ascii=False)
    Path(path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
