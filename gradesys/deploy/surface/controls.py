"""The grade card: a control cannot be created row by row, so its own solution is imported.

Nothing depends on it: where the import fails, forms have no card and that is told.
"""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from xml.etree import ElementTree

from gradesys.dataverse.answers import Response
from gradesys.dataverse.client import Client
from gradesys.deploy.actions import Action, ActionKind, Call, leave
from gradesys.deploy.names import derived_id
from gradesys.deploy.reading import Found, rows
from gradesys.errors import PermanentError

SOLUTION, CONTROL = "gradesys_controls", "gs_gradesys.GradeCard"
_WHAT = f"solution {SOLUTION}"
_PATIENCE_S, _PAUSE_S = 900.0, 2.0
_COMPLETED, _SUCCEEDED = 3, 30
LOSS = "forms have no grade card; import gradesys_controls.zip by hand or do without it"
LEFT = "the control stays; take it off the forms, then delete it in the list of solutions"


def read_package(client: Client) -> Found | None:
    """The imported solution, as the organisation has it."""
    where = f"uniquename eq '{SOLUTION}'"
    return next(iter(rows(client, "solutions", ("solutionid", "version"), where)), None)


def control_actions(package: bytes | None, stored: Found | None) -> Iterator[Action]:
    """Import what is shipped where the organisation has an older one or none."""
    if package is None:
        yield Action(ActionKind.LEAVE, _WHAT, "this installation was built without the grade card")
        return
    version = version_of(package)
    if stored is not None and _number(str(stored["version"])) >= _number(version):
        yield leave(_WHAT)
        return
    body = {
        "OverwriteUnmanagedCustomizations": False,
        "PublishWorkflows": True,
        "CustomizationFile": b64encode(package).decode(),
        "ImportJobId": derived_id("import", SOLUTION, version),
    }
    call = Call("POST", "ImportSolutionAsync", body, then=_await_import, loss=LOSS)
    kind = ActionKind.CREATE if stored is None else ActionKind.CHANGE
    yield Action(kind, _WHAT, f"version {version}", (call,))


def control_removal(client: Client) -> Iterator[Action]:
    """The control and its solution: one that is not managed leaves its control behind."""
    stored = read_package(client)
    if stored is None:
        return
    controls = rows(client, "customcontrols", ("customcontrolid",), f"name eq '{CONTROL}'")
    paths = [f"customcontrols({row['customcontrolid']})" for row in controls]
    paths.append(f"solutions({stored['solutionid']})")
    calls = tuple(Call("DELETE", path, loss=LEFT) for path in paths)
    yield Action(ActionKind.REMOVE, _WHAT, calls=calls)


def version_of(package: bytes) -> str:
    """The version of a solution file."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        manifest = ElementTree.fromstring(archive.read("solution.xml"))
    return manifest.findtext("SolutionManifest/Version", "0")


def _number(version: str) -> tuple[int, ...]:
    """``1.0.1`` and ``1.0.1.0`` are one version."""
    parts = [int(part) for part in version.split(".") if part.isdecimal()]
    return tuple(parts + [0] * (4 - len(parts)))


def _await_import(client: Client, answer: Response) -> None:
    """Raises PermanentError when the import failed or does not end."""
    job = answer.json()["AsyncOperationId"]
    path = f"asyncoperations({job})?$select=statecode,statuscode,friendlymessage"
    options, started = client.options, client.options.clock()
    while options.clock() - started < _PATIENCE_S:
        found = client.request("GET", path).json()
        if found["statecode"] == _COMPLETED:
            if found["statuscode"] != _SUCCEEDED:
                raise PermanentError(f"the import failed: {found['friendlymessage']}")
            return
        options.sleep(_PAUSE_S)
    raise PermanentError(f"the import did not end in {_PATIENCE_S / 60:.0f} minutes")
