"""What single requests are answered: bulk writes, aggregates, refusals, who we are."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from gradesys.dataverse.counting import is_too_many
from gradesys.dataverse.queries import URL_LIMIT
from gradesys.deploy.reading import encoded, listed, rows
from gradesys.errors import NotTracked, PermanentError
from gradesys.smoke.bench import MARK, TABLES, Bench, path_of, typed
from gradesys.smoke.question import Answer, answer, unasked

UPDATE_MULTIPLE = "accounts/Microsoft.Dynamics.CRM.UpdateMultiple"
LIMITED = (
    '<fetch aggregate="true" aggregatelimit="1"><entity name="account">'
    '<attribute name="accountid" alias="n" aggregate="count"/>'
    f'<filter><condition attribute="name" operator="like" value="{MARK}%"/></filter>'
    "</entity></fetch>"
)


def all_or_nothing(bench: Bench) -> Answer:
    """One of two rows of a bulk write does not exist."""
    account = bench.make("account", description="before")
    rows_ = [typed("account", each, description="after") for each in (account, str(uuid.uuid4()))]
    try:
        bench.act(UPDATE_MULTIPLE, Targets=rows_)
    except PermanentError as error:
        kept = bench.read("account", account, "description")["description"] == "before"
        told = "the good row was rolled back" if kept else "the good row was written"
        return answer(kept, f"{told}; {error.answer.status} {error.answer.code}")
    return answer(False, "the whole was accepted")


def condition_of_bulk(bench: Bench) -> Answer:
    """A bulk write on the condition of a version that is not the row's."""
    account = bench.make("account", description="before")
    body = {"Targets": [typed("account", account, description="after")]}
    try:
        bench.client.request("POST", UPDATE_MULTIPLE, body, {"If-Match": 'W/"1"'})
    except PermanentError as error:
        return answer(True, f"refused with {error.answer.status}")
    written = bench.read("account", account, "description")["description"] == "after"
    return answer(False, "the condition was ignored" if written else "nothing was written")


def aggregate_limit(bench: Bench) -> Answer:
    """Two rows are counted with a limit of one."""
    for _ in range(2):
        bench.make("account")
    try:
        listed(bench.client, f"accounts?fetchXml={quote(LIMITED)}", {})
    except PermanentError as error:
        told = f"{error.answer.status} {error.answer.code}"
        return answer(is_too_many(error), told)
    return answer(False, "the rows were counted all the same")


def long_address(bench: Bench) -> Answer:
    """Many ids are asked for by one address."""
    start = "accounts?$select=accountid&$filter="
    term = f"accountid%20eq%20{uuid.UUID(int=1)}"
    count = (URL_LIMIT - len(start)) // len(f"{term}%20or%20")
    ids = "%20or%20".join(f"accountid%20eq%20{uuid.uuid4()}" for _ in range(count))
    try:
        bench.client.request("GET", start + ids)
    except PermanentError as error:
        told = f"refused with {error.answer.status} {error.answer.code}"
        return answer(False, f"{len(start + ids):,} characters: {told}")
    return answer(True, f"{len(start + ids):,} characters, {count} ids")


def empty_aggregate(bench: Bench) -> Answer:
    """No rows are counted."""
    nobody = encoded(f"name eq '{MARK} nobody'")
    steps = f"filter({nobody})/aggregate($count%20as%20rows)"
    found = listed(bench.client, f"accounts?$apply={steps}", {})
    told = [dict(row) for row in found]
    return answer(len(found) == 1, f"{len(found)} rows: {told}")


def untracked(bench: Bench) -> Answer:
    """The changes of a table without change tracking are asked for."""
    names = " or ".join(f"LogicalName eq '{name}'" for name in (*TABLES, "task", "letter", "fax"))
    path = "EntityDefinitions?$select=LogicalName,EntitySetName,ChangeTrackingEnabled"
    found = listed(bench.client, f"{path}&$filter={encoded(names)}", {})
    plain = [row["EntitySetName"] for row in found if not row["ChangeTrackingEnabled"]]
    if not plain:
        return unasked("every table that was looked at is tracked")
    try:
        bench.client.request("GET", plain[0], headers={"Prefer": "odata.track-changes"})
    except NotTracked as error:
        return answer(True, f"{error.answer.status} {error.answer.code}")
    except PermanentError as error:
        return answer(False, f"{error.answer.status} {error.answer.code}")
    return answer(False, "the table answered as if it were tracked")


def closed_rows(bench: Bench) -> Answer:
    """An ordinary column of a paid invoice is changed."""
    customer = {"customerid_account@odata.bind": f"/{path_of('account', bench.make('account'))}"}
    invoice = bench.make("invoice", **customer)
    bench.change("invoice", invoice, statecode=2, statuscode=100001)
    try:
        bench.change("invoice", invoice, description="after")
    except PermanentError as error:
        return answer(False, f"refused with {error.answer.status} {error.answer.code}")
    return answer(True, "it was written")


def managed_identity(bench: Bench) -> Answer:
    """Whether we are here by one."""
    if bench.identity != "managed_identity":
        return unasked("run it where the service runs, with GRADESYS_AUTH=managed_identity")
    user = bench.client.request("GET", "WhoAmI").json()["UserId"]
    return answer(True, f"it is user {user}")


def languages(bench: Bench) -> Answer:
    """Which languages texts may have."""
    found = bench.client.request("GET", "RetrieveProvisionedLanguages()").json()
    codes = found.get("RetrieveProvisionedLanguages")
    base = rows(bench.client, "organizations", ("languagecode",), "organizationid ne null")
    told = f"{codes}; base {base[0]['languagecode'] if base else 'unknown'}"
    return answer(isinstance(codes, list) and bool(codes), told)
