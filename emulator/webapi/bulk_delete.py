"""The action ``BulkDelete``: a system job that deletes the rows of queries one by one.

It runs at once, before the answer, and tells every row's Delete to steps; a row that cannot be
deleted stays, and the job's message counts it.
"""

import uuid

from emulator.errors import ApiError, Unsupported, bad_payload
from emulator.organization import Organization
from emulator.query.annotations import NOTHING
from emulator.query.expression import chosen_rows
from emulator.seeds import SERVICE_USER_ID
from emulator.users_caller import require
from emulator.webapi.calls import Answer, Call
from emulator.webapi.context import reader_of

BULK_DELETE, COMPLETED, SUCCEEDED = 13, 3, 30
_MEMBERS = frozenset(
    {"QuerySet", "JobName", "SendEmailNotification", "ToRecipients", "CCRecipients",
     "RecurrencePattern", "StartDateTime", "RunNow"}
)  # fmt: skip


def bulk_delete(call: Call) -> Answer:
    """Answers the ``JobId`` of the system job."""
    body = call.json()
    if unknown := body.keys() - _MEMBERS:
        raise Unsupported(f"the member {min(unknown)} of BulkDelete")
    if body.get("RecurrencePattern") or body.get("SendEmailNotification"):
        raise Unsupported("recurrence and e-mails of BulkDelete")
    queries = body.get("QuerySet")
    if not isinstance(queries, list) or not queries:
        raise bad_payload("BulkDelete", "The QuerySet must be a list of queries.")
    rows = [row for query in queries for row in _rows(call, query)]
    deleted = sum(_delete(call.org, table, row_id) for table, row_id in rows)
    message = f"{deleted} deleted, {len(rows) - deleted} failed."
    job = _record(call.org, str(body.get("JobName") or "Bulk delete"), message)
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.BulkDeleteResponse"
    return Answer(200, {"@odata.context": context, "JobId": job})


def _rows(call: Call, query: object) -> list[tuple[str, str]]:
    with call.org.reading() as connection:
        table, ids = chosen_rows(reader_of(call, connection, NOTHING), query)
    require(call.org.definitions.tables[table], "delete")
    return [(table, row_id) for row_id in ids]


def _delete(org: Organization, table: str, row_id: str) -> bool:
    try:
        with org.transaction() as tx:
            tx.delete(table, row_id)
    except ApiError:
        return False
    return True


def _record(org: Organization, name: str, message: str) -> str:
    job = str(uuid.uuid4())
    row = {
        "asyncoperationid": job,
        "name": name,
        "operationtype": BULK_DELETE,
        "messagename": "BulkDelete",
        "message": message,
        "friendlymessage": message,
        "statecode": COMPLETED,
        "statuscode": SUCCEEDED,
        "ownerid": SERVICE_USER_ID,
        "ownerid@type": "systemuser",
    }
    times = dict.fromkeys(("createdon", "startedon", "modifiedon", "completedon"), org.now())
    with org.transaction() as tx:
        tx.insert(org.definitions.tables["asyncoperation"], row | times)
    return job
