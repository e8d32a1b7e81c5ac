"""`ImportSolutionAsync` for solutions that hold custom controls: nothing else is imported here.

The import is done before its answer; a mistake in the file is told by the job, as in Dataverse.
"""

import base64
import binascii
import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from msgspec import Struct

from emulator.changes import Change
from emulator.customization.bodies import Shape, read
from emulator.customization.solutions import add_component, forget_component
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.organization import Organization
from emulator.rows.payload import parse_guid
from emulator.rows.transaction import Transaction
from emulator.surface.control_files import forget_files, keep_files
from emulator.webapi.calls import Answer, Call

CUSTOM_CONTROL = 66
_IMPORT, _COMPLETED, _SUCCEEDED, _FAILED = 203, 3, 30, 31
_KNOWN = frozenset({"CustomControls", "Languages", "EntityDataProviders"})


class ImportBody(Shape):
    """`ImportSolutionAsync`."""

    overwrite_unmanaged_customizations: bool
    publish_workflows: bool
    customization_file: str
    import_job_id: str


class Control(Struct, frozen=True):
    """A control and its files by their path below its manifest."""

    name: str
    version: str
    files: Mapping[str, bytes]


class Package(Struct, frozen=True):
    """A solution file: its manifest, and the controls in it."""

    name: str
    version: str
    managed: bool
    publisher: Element
    controls: tuple[Control, ...]


def import_solution(call: Call) -> Answer:
    """The job's id at once; how it ended is in its row."""
    body = read(call.json(), ImportBody, "ImportSolutionAsync")
    job, mistake = str(uuid.uuid4()), ""
    try:
        with call.org.transaction() as tx:
            _bring(tx, _read(body.customization_file))
    except Unsupported:
        raise
    except ApiError as error:
        mistake = error.message
    _record(call.org, job, mistake)
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.ImportSolutionAsyncResponse"
    key = parse_guid(body.import_job_id)
    return Answer(200, {"@odata.context": context, "AsyncOperationId": job, "ImportJobKey": key})


def guard_controls(tx: Transaction, change: Change) -> None:
    """A control that is deleted is in no solution any more, and its files are gone."""
    if change.message == "Delete" and change.table == "customcontrol" and change.before:
        forget_component(tx.org, change.id)
        forget_files(tx, change.before["name"])


def _read(content: str) -> Package:
    try:
        archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(content, validate=True)))
        manifest = ElementTree.fromstring(archive.read("solution.xml")).find("SolutionManifest")
        parts = ElementTree.fromstring(archive.read("customizations.xml"))
        archive.read("[Content_Types].xml")
    except (binascii.Error, zipfile.BadZipFile, KeyError, ElementTree.ParseError) as mistake:
        raise invalid_argument(f"The solution file is invalid: {mistake}") from mistake
    for part in parts:
        if part.tag not in _KNOWN and len(part):
            raise Unsupported(f"{part.tag} in a solution file")
    publisher = None if manifest is None else manifest.find("Publisher")
    if manifest is None or publisher is None:
        raise invalid_argument("The solution file has no manifest or no publisher.")
    return Package(
        name=manifest.findtext("UniqueName", ""),
        version=manifest.findtext("Version", ""),
        managed=manifest.findtext("Managed") == "1",
        publisher=publisher,
        controls=tuple(_controls(archive, parts)),
    )


def _controls(archive: zipfile.ZipFile, parts: Element) -> Iterator[Control]:
    for item in parts.iterfind("CustomControls/CustomControl"):
        path = item.findtext("FileName", "").lstrip("/")
        if path not in archive.namelist():
            raise invalid_argument(f"The solution file lacks {path}.")
        control = ElementTree.fromstring(archive.read(path)).find("control")
        if control is None:
            raise invalid_argument(f"{path} describes no control.")
        folder = path.rpartition("/")[0] + "/"
        names = (each for each in archive.namelist() if each.startswith(folder))
        files = {each.removeprefix(folder): archive.read(each) for each in names}
        yield Control(item.findtext("Name", ""), control.get("version", ""), files)


def _bring(tx: Transaction, package: Package) -> None:
    solution = {
        "uniquename": package.name,
        "friendlyname": package.name,
        "version": package.version,
        "ismanaged": package.managed,
        "publisherid": _publisher(tx, package.publisher),
        "publisherid@type": "publisher",
    }
    stored = tx.org.rows("solution", uniquename=package.name)
    if stored:
        tx.update("solution", stored[0]["solutionid"], {"version": package.version})
    else:
        tx.create("solution", solution)
    for control in package.controls:
        keep_files(tx, control.name, control.files)
        row_id = _control(tx, control.name, control.version)
        add_component(tx.org, package.name, row_id, CUSTOM_CONTROL)


def _control(tx: Transaction, name: str, version: str) -> str:
    for row in tx.org.rows("customcontrol", name=name):
        tx.update("customcontrol", row["customcontrolid"], {"version": version})
        return str(row["customcontrolid"])
    return tx.create("customcontrol", {"name": name, "version": version})


def _publisher(tx: Transaction, publisher: Element) -> str:
    name = publisher.findtext("UniqueName", "")
    for row in tx.org.rows("publisher", uniquename=name):
        if row["customizationprefix"] != publisher.findtext("CustomizationPrefix"):
            raise invalid_argument(f"The publisher {name} has another prefix.")
        return str(row["publisherid"])
    values = {
        "uniquename": name,
        "friendlyname": name,
        "customizationprefix": publisher.findtext("CustomizationPrefix"),
        "customizationoptionvalueprefix": int(
            publisher.findtext("CustomizationOptionValuePrefix", "0")
        ),
    }
    return tx.create("publisher", values)


def _record(org: Organization, job: str, mistake: str) -> None:
    row = {
        "asyncoperationid": job,
        "name": "Import Solution",
        "operationtype": _IMPORT,
        "createdon": org.now(),
        "startedon": org.now(),
        "completedon": org.now(),
        "statecode": _COMPLETED,
        "statuscode": _FAILED if mistake else _SUCCEEDED,
        "message": mistake or None,
        "friendlymessage": mistake or None,
    }
    with org.transaction() as tx:
        tx.insert(org.definitions.tables["asyncoperation"], row)
