"""The small org that generated cases live in: real tables, a few columns of every kind."""

from dataclasses import dataclass

NUMERIC = ("state", "amount")
DATES = ("day", "instant")


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns by kind (state amount text flag day instant) and its lookups' targets."""

    columns: dict[str, str]
    lookups: dict[str, tuple[str, ...]]


SCHEMA = {
    "account": Table(
        {
            "statecode": "state",
            "revenue_base": "amount",
            "gs_score": "amount",
            "name": "text",
            "creditonhold": "flag",
            "lastusedincampaign": "day",
            "createdon": "instant",
        },
        {"parentaccountid": ("account",), "primarycontactid": ("contact",)},
    ),
    "contact": Table(
        {
            "statecode": "state",
            "gs_score": "amount",
            "fullname": "text",
            "creditonhold": "flag",
            "birthdate": "day",
            "createdon": "instant",
        },
        {"accountid": ("account",), "parentcustomerid": ("account", "contact")},
    ),
    "invoice": Table(
        {
            "statecode": "state",
            "totalamount_base": "amount",
            "name": "text",
            "ispricelocked": "flag",
            "duedate": "day",
            "createdon": "instant",
        },
        {
            "customerid": ("account", "contact"),
            "accountid": ("account",),
            "opportunityid": ("opportunity",),
            "salesorderid": ("salesorder",),
        },
    ),
    "opportunity": Table(
        {
            "statecode": "state",
            "estimatedvalue_base": "amount",
            "name": "text",
            "actualclosedate": "day",
            "createdon": "instant",
        },
        {
            "customerid": ("account", "contact"),
            "parentaccountid": ("account",),
            "parentcontactid": ("contact",),
        },
    ),
    "salesorder": Table(
        {
            "statecode": "state",
            "totalamount_base": "amount",
            "name": "text",
            "requestdeliveryby": "day",
            "createdon": "instant",
        },
        {"customerid": ("account", "contact"), "opportunityid": ("opportunity",)},
    ),
    "list": Table(
        {
            "statecode": "state",
            "cost_base": "amount",
            "listname": "text",
            "lockstatus": "flag",
            "purchasedon": "day",
            "createdon": "instant",
        },
        {},
    ),
}
SCORED = ("account", "account", "contact", "opportunity", "salesorder")


def children(table: str) -> list[tuple[str, str]]:
    """Every (child table, lookup) that can point at a table."""
    return [
        (name, lookup)
        for name, child in SCHEMA.items()
        for lookup, targets in child.lookups.items()
        if table in targets
    ]


def columns(table: str, kinds: tuple[str, ...], dotted: bool) -> list[tuple[str, str]]:
    """The (column, kind) pairs of some kinds, on request also those of the parents."""
    own = [(name, kind) for name, kind in SCHEMA[table].columns.items() if kind in kinds]
    if not dotted:
        return own
    parents = [
        (f"{lookup}.{name}", kind)
        for lookup, targets in SCHEMA[table].lookups.items()
        for target in targets
        for name, kind in SCHEMA[target].columns.items()
        if kind in kinds
    ]
    return own + list(dict.fromkeys(parents))
