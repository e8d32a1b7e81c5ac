"""What a CRM user does that moves the scores of a pack: one kind of edit for each of them.

The rows to edit are those with which something changes, the newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

Json = dict[str, Any]


class Event(Struct, frozen=True):
    """``rows`` of an entity set, by a filter, and what is patched into each of them at a moment."""

    entity_set: str
    id: str
    filter: str
    change: Callable[[datetime], Json]

    @property
    def query(self) -> str:
        """The rows to edit, newest first."""
        return f"{self.entity_set}?$select={self.id}&$filter={self.filter}&$orderby=createdon desc"


def _always(**change: Any) -> Callable[[datetime], Json]:
    return lambda now: change


def _completed(status: int) -> Callable[[datetime], Json]:
    """An activity is completed now."""
    return lambda now: {
        "statecode": 1,
        "statuscode": status,
        "actualend": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _paid(customer: str) -> Event:
    change = _always(statecode=2, statuscode=100001)
    return Event("invoices", "invoiceid", f"statecode eq 0 and {customer}", change)


ACCOUNT_PAYS = _paid("customerid_account/statecode eq 0")
CALL_MADE = Event(
    "phonecalls", "activityid", "statecode eq 0 and directioncode eq true", _completed(2)
)
VISIT_MADE = Event("appointments", "activityid", "statecode eq 0", _completed(3))
DEAL_WON = Event(
    "opportunities",
    "opportunityid",
    "statecode eq 0",
    lambda now: {
        "statecode": 1,
        "statuscode": 3,
        "actualvalue": 500_000,
        "actualclosedate": now.date().isoformat(),
    },
)
DEALER_CHANCE = Event(
    "opportunities",
    "opportunityid",
    "statecode eq 0 and closeprobability lt 50 and customerid_account/customertypecode eq 9",
    _always(closeprobability=95),
)
CASE_RESOLVED = Event(
    "incidents",
    "incidentid",
    "statecode eq 0 and customerid_account/statecode eq 0",
    _always(statecode=1, statuscode=5),
)

EVENTS: Mapping[str, Event] = {
    "agent_commission": _paid("customerid_account/statecode eq 0"),
    "case_priority": Event(
        "incidents",
        "incidentid",
        "statecode eq 0 and isescalated eq false",
        _always(isescalated=True),
    ),
    "churn_risk": ACCOUNT_PAYS,
    "contact_recency": VISIT_MADE,
    "contractor_grade": _paid("customerid_account/customertypecode eq 11"),
    "customer_grade": ACCOUNT_PAYS,
    "customer_ltv": ACCOUNT_PAYS,
    "customer_rfm": ACCOUNT_PAYS,
    "dealer_conversion": DEALER_CHANCE,
    "email_response": Event(
        "emails",
        "activityid",
        "directioncode eq false",
        lambda now: {"parentactivityid@odata.bind": None},
    ),
    "goal_attainment": Event("goals", "goalid", "statecode eq 0", _always(actualmoney=123_456)),
    "lead_conversion": Event(
        "leads", "leadid", "statecode eq 0", _always(statecode=1, statuscode=3)
    ),
    "lead_credit": Event(
        "leads", "leadid", "statecode eq 0 and budgetstatus lt 3", _always(budgetstatus=3)
    ),
    "lead_fit": Event(
        "leads", "leadid", "statecode eq 0 and leadsourcecode ne 4", _always(leadsourcecode=4)
    ),
    "loyalty_tier": _paid("customerid_contact/statecode eq 0"),
    "order_priority": Event(
        "salesorders",
        "salesorderid",
        "statecode eq 0",
        lambda now: {"requestdeliveryby": now.date().isoformat()},
    ),
    "project_progress": Event(
        "msdyn_projecttasks",
        "msdyn_projecttaskid",
        "msdyn_effortcompleted lt 8",
        _always(msdyn_effortcompleted=8, msdyn_progress=1),
    ),
    "reseller_grade": _paid("customerid_account/customertypecode eq 9"),
    "sales_cycle": DEAL_WON,
    "sales_rep_daily": CALL_MADE,
    "sales_rep_monthly": CALL_MADE,
    "sales_rep_weekly": CALL_MADE,
    "value_risk_matrix": ACCOUNT_PAYS,
    "visit_plan": VISIT_MADE,
    "wallet_growth": ACCOUNT_PAYS,
    "win_back": CASE_RESOLVED,
}
"""By the id of the pack."""
