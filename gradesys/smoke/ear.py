"""Hears of events: a step leaves a system job for each, even where nobody receives the post.

So most questions need no address that Dataverse can reach.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from gradesys.dataverse.client import Client
from gradesys.deploy.manifest import Endpoint
from gradesys.deploy.names import IMAGE
from gradesys.deploy.reading import rows
from gradesys.deploy.registration import endpoint_row
from gradesys.deploy.rowspecs import row_action
from gradesys.errors import PermanentError
from gradesys.keys import mark_of

PATIENCE_S = 45.0
LOOK_S = 1.5
SETTLE_S = 3.0
"""So long a new step may be unknown to some server of the organisation."""
_STEPS, _IMAGES = "sdkmessageprocessingsteps", "sdkmessageprocessingstepimages"
_COLUMNS = ("statuscode", "errorcode", "createdon", "startedon", "_regardingobjectid_value")


class Job(Struct, frozen=True):
    """A finished one; ``row`` is empty where it does not tell which row it was about."""

    row: str
    status: int
    error: int
    created: str
    started: str


class Ear(Struct):
    """Steps post to ``url`` with ``key``; their names begin with ``mark``."""

    client: Client
    mark: str
    url: str
    key: str
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _endpoints: dict[str, str] = field(default_factory=dict)
    _steps: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def listen(self, message: str, table: str = "", url: str = "", image: str = "") -> str:
        """A step of this message (of all tables where none is named), one for each address;
        ``image``: the columns of its pre-image."""
        place = message, table, url or self.url
        if place not in self._steps:
            self._steps[place] = self._register(*place)
            if image:
                self._add_image(self._steps[place], image)
            self.sleep(SETTLE_S)
        return self._steps[place]

    def jobs(self, step: str) -> list[Job]:
        """The finished jobs of a step, in the order in which they were created."""
        where = f"_owningextensionid_value eq {step} and statecode eq 3"
        found = rows(self.client, "asyncoperations", _COLUMNS, where)
        return sorted((_job(row) for row in found), key=lambda job: job.created)

    def heard(self, step: str, row: str, count: int = 1) -> list[Job]:
        """The jobs about a row, once there are so many or patience is at its end."""
        return self.when(lambda: [job for job in self.jobs(step) if job.row in ("", row)], count)

    def when(self, look: Callable[[], list[Any]], count: int = 1) -> list[Any]:
        """What a look finds, once it is enough or patience is at its end."""
        ends = self.clock() + PATIENCE_S
        while len(found := look()) < count and self.clock() < ends:
            self.sleep(LOOK_S)
        return found

    def _register(self, message: str, table: str, url: str) -> str:
        step = str(uuid.uuid4())
        links = {
            "sdkmessageid@odata.bind": f"/sdkmessages({self._message(message)})",
            "eventhandler_serviceendpoint@odata.bind": f"/serviceendpoints({self._endpoint(url)})",
        }
        if table:
            links["sdkmessagefilterid@odata.bind"] = self._filter(message, table)
        named = {"sdkmessageprocessingstepid": step, "name": f"{self.mark}: {message} {table}"}
        fixed = {"stage": 40, "mode": 1, "rank": 1, "supporteddeployment": 0}
        body = {**named, **fixed, "asyncautodelete": False, **links}
        self.client.request("POST", _STEPS, body)
        return step

    def _message(self, name: str) -> str:
        found = rows(self.client, "sdkmessages", ("sdkmessageid",), f"name eq '{name}'")
        if not found:
            raise PermanentError(f"the organisation has no message {name}")
        return str(found[0]["sdkmessageid"])

    def _filter(self, message: str, table: str) -> str:
        where = f"sdkmessageid/name eq '{message}' and primaryobjecttypecode eq '{table}'"
        found = rows(self.client, "sdkmessagefilters", ("sdkmessagefilterid",), where)
        if not found:
            raise PermanentError(f"the organisation offers no {message} of {table}")
        return f"/sdkmessagefilters({found[0]['sdkmessagefilterid']})"

    def _add_image(self, step: str, attributes: str) -> None:
        kind = {"name": IMAGE, "entityalias": IMAGE, "imagetype": 0, "attributes": attributes}
        link = {"sdkmessageprocessingstepid@odata.bind": f"/{_STEPS}({step})"}
        self.client.request("POST", _IMAGES, {**kind, "messagepropertyname": "Target", **link})

    def _endpoint(self, url: str) -> str:
        if url not in self._endpoints:
            name = f"{self.mark} {len(self._endpoints)}"
            endpoint = Endpoint(str(uuid.uuid4()), name, url, mark_of(self.key), self.key)
            for call in row_action(endpoint_row(endpoint), None).calls:
                self.client.request(call.method, call.path, call.body)
            self._endpoints[url] = endpoint.id
        return self._endpoints[url]


def _job(row: Any) -> Job:
    return Job(
        row=str(row["_regardingobjectid_value"] or ""),
        status=int(row["statuscode"] or 0),
        error=int(row["errorcode"] or 0),
        created=str(row["createdon"]),
        started=str(row["startedon"] or row["createdon"]),
    )
