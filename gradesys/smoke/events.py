"""Which changes raise an event of the row that they change."""

from __future__ import annotations

from collections.abc import Callable

from gradesys.smoke.bench import Bench, bound, path_of, typed
from gradesys.smoke.ear import PATIENCE_S
from gradesys.smoke.question import Answer, answer

WAITED = f"none within {PATIENCE_S:.0f} s"


def told(bench: Bench, step: str, row: str, change: Callable[[], None]) -> Answer:
    """Whether a change makes the step tell of the row once more than before."""
    before = [job for job in bench.ear.jobs(step) if job.row in ("", row)]
    change()
    more = len(bench.ear.heard(step, row, len(before) + 1)) - len(before)
    return answer(more > 0, f"{more} event" + "s" * (more != 1) if more > 0 else WAITED)


def by_collection(bench: Bench) -> Answer:
    """A contact is put into an account's collection of contacts."""
    step = bench.ear.listen("Update", "contact")
    account, contact = bench.make("account"), bench.make("contact")
    link = {"@odata.id": bench.client.address(path_of("contact", contact))}
    place = f"{path_of('account', account)}/contact_customer_accounts/$ref"
    return told(bench, step, contact, lambda: bench.act(place, **link))


def by_update_multiple(bench: Bench) -> Answer:
    """One bulk request changes an account."""
    step, account = bench.ear.listen("Update", "account"), bench.make("account")
    targets = [typed("account", account, description="changed in bulk")]
    action = "accounts/Microsoft.Dynamics.CRM.UpdateMultiple"
    return told(bench, step, account, lambda: bench.act(action, Targets=targets))


def by_upsert(bench: Bench) -> Answer:
    """A PATCH without If-Match of a row that is there."""
    step, account = bench.ear.listen("Update", "account"), bench.make("account")
    values, path = {"description": "upserted"}, path_of("account", account)
    return told(bench, step, account, lambda: _patch(bench, path, values))


def _patch(bench: Bench, path: str, values: dict[str, str]) -> None:
    bench.client.request("PATCH", path, values)


def by_merge(bench: Bench) -> Answer:
    """The contact of an account that is merged away gets another parent."""
    step = bench.ear.listen("Update", "contact")
    master, other = bench.make("account"), bench.make("account")
    parent = {"parentcustomerid_account@odata.bind": bound("account", other)}
    contact = bench.make("contact", **parent)
    parameters = {
        "Target": typed("account", master),
        "Subordinate": typed("account", other),
        "UpdateContent": {"@odata.type": "Microsoft.Dynamics.CRM.account"},
        "PerformParentingChecks": False,
    }
    return told(bench, step, contact, lambda: bench.act("Merge", **parameters))


def by_cascade(bench: Bench) -> Answer:
    """The line of an invoice that is deleted goes with it."""
    step = bench.ear.listen("Delete", "invoicedetail")
    customer = {"customerid_account@odata.bind": bound("account", bench.make("account"))}
    invoice = bench.make("invoice", **customer)
    line = {"invoiceid@odata.bind": bound("invoice", invoice), "isproductoverridden": True}
    detail = bench.make("invoicedetail", quantity=1, priceperunit=1, **line)
    return told(bench, step, detail, lambda: bench.delete("invoice", invoice))


def by_removed_link(bench: Bench) -> Answer:
    """The primary contact of an account is deleted, and the account's lookup emptied."""
    step, contact = bench.ear.listen("Update", "account"), bench.make("contact")
    primary = {"primarycontactid@odata.bind": bound("contact", contact)}
    account = bench.make("account", **primary)
    return told(bench, step, account, lambda: bench.delete("contact", contact))


def by_closing(bench: Bench) -> Answer:
    """An opportunity is won by its action."""
    step = bench.ear.listen("Update", "opportunity")
    customer = {"customerid_account@odata.bind": bound("account", bench.make("account"))}
    won = bench.make("opportunity", **customer)
    close = {
        "@odata.type": "Microsoft.Dynamics.CRM.opportunityclose",
        "subject": "gradesys smoke",
        "opportunityid@odata.bind": bound("opportunity", won),
    }
    action = {"OpportunityClose": close, "Status": 3}
    return told(bench, step, won, lambda: bench.act("WinOpportunity", **action))


def of_all_tables(bench: Bench) -> Answer:
    """A step of Associate without a table."""
    return answer(bool(bench.ear.listen("Associate")), "the step was accepted")
