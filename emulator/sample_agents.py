"""The sample's sales agents on three levels, and what they did: visits, calls and e-mails.

Every customer's paper gets an owner, so that agents can be scored by what is theirs.
"""

from __future__ import annotations

from emulator.sample_maker import Maker, Org, Row, pointing
from emulator.sample_names import FIRST_NAMES, LAST_NAMES
from emulator.seeds import ROOT_UNIT_ID

AGENTS = 12
OWNED = ("account", "invoice", "opportunity", "salesorder")
VISIT_STATES = ((0, 1), (1, 3), (2, 4), (3, 5))
CALL_STATES = ((0, 1), (1, 2), (2, 3))
PER_ACCOUNT = 3
"""Visits, calls and sent e-mails of a customer, on average."""


def add_agents(make: Maker, org: Org) -> None:
    """Add systemuser, appointment, phonecall and email, and owners to what is there."""
    users = [_agent(make) for _ in range(AGENTS)]
    for place, user in enumerate(users[1:], 1):
        user |= pointing(
            "parentsystemuserid", "systemuser", users[(place - 1) // 3]["systemuserid"]
        )
    for row in (row for table in OWNED for row in org[table]):
        row |= _owner(make, users)
    count = PER_ACCOUNT * len(org["account"])
    org["systemuser"] = users
    org["appointment"] = [_visit(make, org, users) for _ in range(count)]
    org["phonecall"] = [_call(make, org, users) for _ in range(count)]
    org["email"] = _letters(make, org, users, count)


def _agent(make: Maker) -> Row:
    language = make.dice.choice(("fa", "en"))
    first, last = make.dice.choice(FIRST_NAMES[language]), make.dice.choice(LAST_NAMES[language])
    return {
        "systemuserid": make.id(),
        "firstname": first,
        "lastname": last,
        "fullname": f"{first} {last}",
        "isdisabled": False,
        "accessmode": 0,
        "_businessunitid_value": ROOT_UNIT_ID,
    }


def _owner(make: Maker, users: list[Row]) -> Row:
    return pointing("ownerid", "systemuser", make.dice.choice(users)["systemuserid"])


def _regarding(make: Maker, org: Org) -> Row:
    """Mostly with the company, sometimes with a person of it."""
    if org["contact"] and make.dice.random() < 0.3:
        contact = make.dice.choice(org["contact"])["contactid"]
        return pointing("regardingobjectid", "contact", contact)
    account = make.dice.choice(org["account"])["accountid"]
    return pointing("regardingobjectid", "account", account)


def _visit(make: Maker, org: Org, users: list[Row]) -> Row:
    state, status = make.dice.choices(VISIT_STATES, (20, 60, 5, 15))[0]
    when = make.moment(90)
    return {
        "activityid": make.id(),
        "subject": make.dice.choice(("بازدید", "Visit", "جلسه فروش", "Review")),
        "statecode": state,
        "statuscode": status,
        "scheduledstart": when,
        "actualend": when if state == 1 else None,
        **_regarding(make, org),
        **_owner(make, users),
    }


def _call(make: Maker, org: Org, users: list[Row]) -> Row:
    state, status = make.dice.choices(CALL_STATES, (30, 65, 5))[0]
    return {
        "activityid": make.id(),
        "subject": make.dice.choice(("پیگیری", "Follow-up", "تماس فروش", "Reminder")),
        "statecode": state,
        "statuscode": status,
        "directioncode": make.dice.random() < 0.75,
        "actualend": make.moment(60) if state == 1 else None,
        **_regarding(make, org),
        **_owner(make, users),
    }


def _letters(make: Maker, org: Org, users: list[Row], count: int) -> list[Row]:
    """E-mails sent to customers; a third of them is answered, some answers are answered."""
    sent = [_letter(make, _company(make, org), users) for _ in range(2 * count)]
    answers = [_answer(make, row, users) for row in sent if make.dice.random() < 0.35]
    again = [_answer(make, row, users) for row in answers if make.dice.random() < 0.5]
    return [*sent, *answers, *again]


def _company(make: Maker, org: Org) -> Row:
    return pointing("regardingobjectid", "account", make.dice.choice(org["account"])["accountid"])


def _letter(make: Maker, regarding: Row, users: list[Row]) -> Row:
    when = make.moment(80)
    return {
        "activityid": make.id(),
        "subject": make.dice.choice(("پیشنهاد قیمت", "Offer", "دعوت‌نامه", "Invitation")),
        "statecode": 1,
        "statuscode": 3,
        "directioncode": True,
        "senton": when,
        "actualend": when,
        **regarding,
        **_owner(make, users),
    }


def _answer(make: Maker, row: Row, users: list[Row]) -> Row:
    """The other side's answer to an e-mail."""
    regarding = {name: value for name, value in row.items() if name.startswith("_regarding")}
    letter = _letter(make, regarding, users) | {"subject": f"Re: {row['subject']}"}
    direction = not row["directioncode"]
    letter |= {"directioncode": direction, "statuscode": 3 if direction else 4}
    return letter | pointing("parentactivityid", "email", row["activityid"])
