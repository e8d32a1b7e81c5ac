"""A slice of the sample org, for tests that need few rows."""

from __future__ import annotations

from datetime import UTC, datetime

from emulator.sample import sample_org
from tests.canary import AMOUNT, NAME
from tests.line.running import Json


def small_sample(accounts: int = 150) -> dict[str, list[Json]]:
    """A slice of the sample org whose rows still point at one another."""
    org = sample_org(datetime.now(UTC))
    customers = org["account"][:accounts]
    kept = {row["accountid"] for row in customers}
    contacts = [row for row in org["contact"] if row["_parentcustomerid_value"] in kept]
    kept |= {row["contactid"] for row in contacts}
    papers = {
        name: [row for row in org[name] if row["_customerid_value"] in kept]
        for name in ("invoice", "opportunity", "salesorder")
    }
    for row in papers["invoice"][:3]:
        row.update(name=NAME, totalamount=float(AMOUNT))
    return {
        **papers,
        "transactioncurrency": org["transactioncurrency"],
        "account": customers,
        "contact": contacts,
    }
