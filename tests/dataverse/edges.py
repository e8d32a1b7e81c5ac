"""Invoices at the edges: where days, months and years begin, many spellings and broken links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from tests.dataverse.emulated import TYPE, account_id, contact_id, invoice_id

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
"""A Sunday, 10 Esfand 1404."""
ZONES = ("Asia/Tehran", "America/Havana", "Pacific/Apia")
"""Havana's clocks turn at midnight: 8 March 2026 has none; 2 November 2025 has two."""
DAYS = (
    "2025-03-21", "2025-11-02", "2025-12-22", "2026-01-01", "2026-02-01", "2026-02-20",
    "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-08", "2026-03-21",
)  # fmt: skip
"""Where Jalali and Gregorian years, seasons, months and weeks begin; today and tomorrow."""
NAMES = (
    "شرکت نوین", "شركت نوين", "شرکت‌نوین", "فاکتور ۱۲۳", "فاكتور ١٢٣", "فاکتور 123", "Café",
    "CAFE\u0301", "", "O'Brien & Söhne", "100%_[a]", None,
)  # fmt: skip
NUMBERS = (None, 0, 1, -1, 2**31 - 1, -(2**31))
AMOUNTS = (None, 0, 0.0001, -0.0001, 100, 100.5, 99999999999)
PERCENTS = (None, 0, 12.34567, 100)
ORDERS = [f"50000000-0000-4000-8000-00000000000{n}" for n in range(4)]
MISSING = "5f000000-0000-4000-8000-000000000000"
Json = dict[str, Any]


def organisation() -> dict[str, list[Json]]:
    """The file that an emulator loads."""
    return {
        "account": [
            {"accountid": account_id(1), "name": "شرکت", "creditonhold": True, "creditlimit": 5},
            {"accountid": account_id(2), "name": "b"},
        ],
        "contact": [{"contactid": contact_id(1), "creditlimit": 7}],
        "opportunity": [{"opportunityid": ORDERS[0], "statecode": 1}],
        "salesorder": [_order(number, id_) for number, id_ in enumerate(ORDERS)],
        "invoice": _invoices(),
    }


def _order(number: int, id_: str) -> Json:
    moments = (None, "2026-02-28T20:30:00Z", "2026-02-28T20:29:59Z", "2026-03-01T08:30:00Z")
    return {
        "salesorderid": id_,
        "statecode": (0, 3, None, 1)[number],
        "name": (None, "سفارش ك", "x", "")[number],
        "totalamount_base": (None, 100, 0, -5)[number],
        "createdon": moments[number],
        "_opportunityid_value": (None, ORDERS[0], MISSING, ORDERS[0])[number],
        "_customerid_value": (None, account_id(1), contact_id(1), account_id(2))[number],
        f"_customerid_value{TYPE}": (None, "account", "contact", "account")[number],
    }


def _invoices() -> list[Json]:
    names, numbers, amounts, percents = map(cycle, (NAMES, NUMBERS, AMOUNTS, PERCENTS))
    orders = cycle([None, MISSING, *ORDERS])
    customers = cycle([("account", account_id(1)), ("contact", contact_id(1)), (None, None)])
    flags, states, days = cycle([True, False, None]), cycle([0, 2, None, 3]), cycle([*DAYS, None])
    found = []
    for number, moment in enumerate([None, *_moments()]):
        table, customer = next(customers)
        found.append(
            {
                "invoiceid": invoice_id(number),
                "name": next(names),
                "importsequencenumber": next(numbers),
                "totalamount_base": next(amounts),
                "discountpercentage": next(percents),
                "ispricelocked": next(flags),
                "statecode": next(states),
                "duedate": next(days),
                "createdon": moment,
                "_salesorderid_value": next(orders),
                "_customerid_value": customer,
                f"_customerid_value{TYPE}": table,
            }
        )
    return found


def _moments() -> list[str]:
    """The last second before each of the days, its first, and a second later, in each zone."""
    found = []
    for zone in ZONES:
        for day in DAYS:
            for fold in (0, 1):
                midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone), fold=fold)
                start = midnight.astimezone(UTC)
                found += [start + timedelta(seconds=seconds) for seconds in (-1, 0, 1)]
    return [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in sorted(set(found))]
