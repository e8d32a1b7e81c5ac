"""A sample organisation for the demo: customers with Persian and English names, and their papers.

Seeded, so that two runs at the same instant give the same rows. ``python -m emulator.sample FILE
[ACCOUNTS [all]]`` writes it in the shape that ``--data`` reads; ``all`` adds the tables of
every pack.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from msgspec import Struct

from emulator.sample_agents import add_agents
from emulator.sample_maker import CURRENCY, Maker, Row, money, pointing
from emulator.sample_names import CITIES, COMPANIES, FIRST_NAMES, LAST_NAMES, TRADES
from emulator.sample_papers import add_papers


class Sizes(Struct, frozen=True):
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
        sizes = (getattr(full, name) * accounts // full.accounts for name in cls.__struct_fields__)
        return cls(*sizes)


FULL = Sizes()


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


def whole_org(today: datetime, sizes: Sizes = FULL, seed: int = 1405) -> dict[str, list[Row]]:
    """The sample with rows for every pack on standard tables: sales agents and what they did,
    leads, quotes, goals and products, dealers and contractors among the customers."""
    org = sample_org(today, sizes, seed)
    make = Maker(Random(seed + 1), today)
    add_agents(make, org)
    add_papers(make, org)
    return org


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
        **pointing("parentcustomerid", "account", make.dice.choice(accounts)["accountid"]),
        "statecode": 0,
        "createdon": make.moment(1500),
    }


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
        **pointing("customerid", *customer),
        **money("totalamount", make.amount(30_000)),
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
        **pointing("customerid", *customer),
        **money("estimatedvalue", make.amount(60_000)),
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
        **pointing("customerid", *customer),
        **money("totalamount", make.amount(40_000)),
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
        **pointing("customerid", *customer),
    }


def main(arguments: Sequence[str]) -> None:
    """Write the file named first; the number of accounts may follow, and ``all``."""
    path, *more = arguments
    sizes = Sizes.of(int(more[0])) if more else FULL
    rows = whole_org if more[1:] == ["all"] else sample_org
    text = json.dumps(rows(datetime.now(UTC), sizes), ensure_ascii=False)
    Path(path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
