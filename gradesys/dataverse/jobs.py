"""Failed system jobs: the webhook posts that Dataverse gave up (dataverse.md 1.8).

That a job names the row it was about is not documented for webhooks, so nothing may depend on it:
change tracking is what finds lost changes, this only finds some of them sooner or elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from gradesys.dataverse.client import Client
from gradesys.dataverse.decode import LOOKUP_NAME
from gradesys.dataverse.literals import guid, literal
from gradesys.dataverse.queries import LOOKUP_NAMES, PAGE_SIZE
from gradesys.errors import PermanentError
from gradesys.records import Kind, Ref
from gradesys.tracking import FailedJob

_FAILED = 31
_STEP, _ROW = "_owningextensionid_value", "_regardingobjectid_value"


class Jobs:
    """The system jobs of one organisation."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def failed(self, steps: Collection[str], since: datetime) -> Iterator[tuple[FailedJob, ...]]:
        """Jobs of these steps that failed at or after ``since``, oldest first, page by page. Raises
        MissingPrivilege where system jobs may not be read."""
        owners = "%20or%20".join(f"{_STEP}%20eq%20{guid(step)}" for step in sorted(steps))
        when = literal(Kind.INSTANT, since)
        link: str | None = (
            f"asyncoperations?$select=asyncoperationid,completedon,{_STEP},{_ROW}"
            f"&$filter=statuscode%20eq%20{_FAILED}%20and%20completedon%20ge%20{when}"
            f"%20and%20({owners})&$orderby=completedon"
        )
        headers = {"Prefer": f"odata.maxpagesize={PAGE_SIZE},{LOOKUP_NAMES}"}
        while steps and link:
            page = self._client.request("GET", link, headers=headers).json()
            yield tuple(map(_job, page["value"]))
            link = page.get("@odata.nextLink")


def _job(row: Mapping[str, Any]) -> FailedJob:
    try:
        completed = datetime.fromisoformat(row["completedon"])
    except (TypeError, ValueError) as error:
        raise PermanentError("a failed system job does not tell when it ended") from error
    table, id_ = row.get(f"{_ROW}{LOOKUP_NAME}"), row.get(_ROW)
    regarding = Ref(table.lower(), id_.lower()) if table and id_ else None
    return FailedJob(row["asyncoperationid"].lower(), row[_STEP].lower(), completed, regarding)
