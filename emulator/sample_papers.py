"""The sample's other papers: leads, quotes, products and invoice lines, goals.

They are what the packs beside customer_grade and order_priority read.
"""

from __future__ import annotations

from datetime import timedelta

from emulator.sample_maker import Maker, Org, Row, money, pointing
from emulator.sample_names import COMPANIES, FIRST_NAMES, LAST_NAMES

PRODUCTS = ("پمپ", "شیر صنعتی", "تابلو برق", "کابل", "Pump", "Valve", "Panel", "Cable", "Sensor")
DEALER, CONTRACTOR = 9, 11
LEAD_STATES = ((0, 1), (1, 3), (2, 4))
QUOTE_STATES = ((0, 1), (1, 2), (2, 4), (3, 5))


def add_papers(make: Maker, org: Org) -> None:
    """Add the tables, and complete accounts, opportunities and cases; agents must be there."""
    for place, account in enumerate(org["account"]):
        account |= _company(make, org["account"], place)
    org["lead"] = [_lead(make, org) for _ in range(2 * len(org["account"]))]
    for opportunity in org["opportunity"]:
        opportunity |= _outcome(make, org, opportunity)
    for case in org["incident"]:
        case |= _service(make)
    org["product"] = [_product(make, name) for name in PRODUCTS]
    org["invoicedetail"] = [_line(make, org, invoice) for invoice in org["invoice"]]
    org["quote"] = [_quote(make, place, row) for place, row in enumerate(org["opportunity"])]
    org["goal"] = [_goal(make, org) for _ in range(max(10, len(org["account"]) // 10))]


def _company(make: Maker, accounts: list[Row], place: int) -> Row:
    """One in five is a dealer, one in ten a contractor; most of these belong to another one."""
    kind = {0: DEALER, 1: DEALER, 2: CONTRACTOR}.get(place % 10, 3)
    over = place - 10 if kind != 3 and place >= 10 and place % 30 != 0 else None
    belongs = {} if over is None else _belongs(accounts[over])
    revenue = money("revenue", make.amount(20_000_000))
    category = make.dice.choice((1, 2, 2, None))
    return {"customertypecode": kind, "accountcategorycode": category, **revenue, **belongs}


def _belongs(account: Row) -> Row:
    return pointing("parentaccountid", "account", account["accountid"])


def _agent(make: Maker, org: Org) -> Row:
    return pointing("ownerid", "systemuser", make.dice.choice(org["systemuser"])["systemuserid"])


def _lead(make: Maker, org: Org) -> Row:
    language = make.dice.choice(("fa", "en"))
    first, last = make.dice.choice(FIRST_NAMES[language]), make.dice.choice(LAST_NAMES[language])
    state, status = make.dice.choices(LEAD_STATES, (50, 30, 20))[0]
    known = make.dice.random() < 0.6
    row = {
        "leadid": make.id(),
        "firstname": first,
        "lastname": last,
        "fullname": f"{first} {last}",
        "companyname": make.dice.choice(COMPANIES[language]),
        "statecode": state,
        "statuscode": status,
        "numberofemployees": make.dice.choice((None, 5, 20, 80, 400)),
        "leadsourcecode": make.dice.choice((None, 1, 2, 4, 7, 8)),
        "purchasetimeframe": make.dice.choice((None, 0, 1, 2, 3, 4)),
        "budgetstatus": make.dice.choice((None, 0, 1, 2, 3)),
        "emailaddress1": "lead@example.invalid" if make.dice.random() < 0.8 else None,
        "createdon": make.moment(120),
        **_agent(make, org),
    }
    if known and org["contact"]:
        row |= pointing("parentaccountid", "account", make.dice.choice(org["account"])["accountid"])
        row |= pointing("parentcontactid", "contact", make.dice.choice(org["contact"])["contactid"])
    return row | (money("revenue", make.amount(2_000_000)) if known else {})


def _outcome(make: Maker, org: Org, opportunity: Row) -> Row:
    found: Row = {"closeprobability": make.dice.choice((10, 30, 50, 70, 90))}
    if opportunity["statecode"] != 0:
        won = opportunity["statecode"] == 1
        found["actualclosedate"] = make.day(-120, 0)
        found |= money("actualvalue", opportunity["estimatedvalue"] if won else 0)
    if make.dice.random() < 0.4:
        lead = make.dice.choice(org["lead"])["leadid"]
        found |= pointing("originatingleadid", "lead", lead)
    return found


def _service(make: Maker) -> Row:
    """Deadlines half an hour off the full hours from now, so that none passes while one looks."""
    deadline = make.today + timedelta(hours=make.dice.randint(-24, 48), minutes=30)
    return {
        "isescalated": make.dice.random() < 0.15,
        "resolveby": deadline.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "customersatisfactioncode": make.dice.choice((None, 1, 2, 3, 4, 5)),
    }


def _product(make: Maker, name: str) -> Row:
    return {"productid": make.id(), "name": name, "productnumber": name, "statecode": 0}


def _line(make: Maker, org: Org, invoice: Row) -> Row:
    return {
        "invoicedetailid": make.id(),
        "quantity": make.dice.randint(1, 20),
        **pointing("invoiceid", "invoice", invoice["invoiceid"]),
        **pointing("productid", "product", make.dice.choice(org["product"])["productid"]),
        **money("extendedamount", invoice["totalamount"]),
    }


def _quote(make: Maker, place: int, opportunity: Row) -> Row:
    state, status = make.dice.choices(QUOTE_STATES, (20, 30, 30, 20))[0]
    customer = {name: value for name, value in opportunity.items() if name.startswith("_customer")}
    return {
        "quoteid": make.id(),
        "name": f"QUO-{place + 1:05d}",
        "quotenumber": f"QUO-{place + 1:05d}",
        "statecode": state,
        "statuscode": status,
        "createdon": make.moment(150),
        **customer,
        **pointing("opportunityid", "opportunity", opportunity["opportunityid"]),
        **money("totalamount", opportunity["estimatedvalue"]),
    }


def _goal(make: Maker, org: Org) -> Row:
    user = make.dice.choice(org["systemuser"])["systemuserid"]
    return {
        "goalid": make.id(),
        "title": make.dice.choice(("هدف فروش فصل", "Sales target", "هدف سالانه")),
        "statecode": 0,
        "goalstartdate": make.day(-90, -30),
        "goalenddate": make.day(10, 90),
        **pointing("goalownerid", "systemuser", user),
        **money("targetmoney", make.amount(500_000)),
        **money("actualmoney", make.amount(250_000)),
    }
