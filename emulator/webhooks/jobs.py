"""The `asyncoperation` rows that finished deliveries leave behind.

A job that succeeded leaves none when its step says so (`asyncautodelete`).
"""

from datetime import UTC

from emulator.organization import Organization
from emulator.webhooks.body import Job
from emulator.webhooks.outcome import Outcome

COMPLETED, SUCCEEDED, FAILED = 3, 30, 31
SYSTEM_EVENT = 1


def record(org: Organization, job: Job, outcome: Outcome) -> None:
    """Stores how a job ended; a duplicate of the same job keeps the first row."""
    if not outcome.error and job.step.auto_delete:
        return
    with org.transaction() as tx:
        if tx.row("asyncoperation", job.id) is None:
            tx.insert(org.definitions.tables["asyncoperation"], _row(org, job, outcome))


def _row(org: Organization, job: Job, outcome: Outcome) -> dict[str, object]:
    created = job.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    row = {
        "asyncoperationid": job.id,
        "name": job.step.name,
        "operationtype": SYSTEM_EVENT,
        "messagename": job.change.message,
        "primaryentitytype": job.change.table or "none",
        "correlationid": job.correlation_id,
        "depth": 1,
        "createdon": created,
        "startedon": created,
        "modifiedon": org.now(),
        "completedon": org.now(),
        "statecode": COMPLETED,
        "statuscode": FAILED if outcome.error else SUCCEEDED,
        "errorcode": outcome.error,
        "message": outcome.message or None,
        "friendlymessage": outcome.message or None,
        "owningextensionid": job.step.id,
        "owningextensionid@type": "sdkmessageprocessingstep",
    }
    if job.change.table:
        row |= {"regardingobjectid": job.change.id, "regardingobjectid@type": job.change.table}
    return row
