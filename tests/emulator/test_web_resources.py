"""What browsers load from the organisation: published web resources, files of imported controls."""

import io
import uuid
import zipfile
from base64 import b64encode

import pytest
import requests

from tests.emulator.serving import OrgServer

MANIFEST = "Controls/gs_x.Card/ControlManifest.xml"


@pytest.fixture
def org(refusing_server: OrgServer) -> OrgServer:
    """An organisation with a publisher of the prefix gs."""
    names = {"uniquename": "gs", "friendlyname": "gs"}
    refusing_server.create("publishers", **names, customizationprefix="gs")
    return refusing_server


def fetch(org: OrgServer, name: str) -> requests.Response:
    return org.session.get(f"{org.url}/WebResources/{name}", timeout=30)


def resource(org: OrgServer, name: str, kind: int, content: bytes) -> str:
    coded = b64encode(content).decode()
    return org.create("webresourceset", name=name, webresourcetype=kind, content=coded)


def publish(org: OrgServer, resource_id: str) -> int:
    parts = f"<webresources><webresource>{{{resource_id}}}</webresource></webresources>"
    document = {"ParameterXml": f"<importexportxml>{parts}</importexportxml>"}
    return org.send("POST", "PublishXml", document).status_code


def imported(org: OrgServer, *files: tuple[str, str]) -> None:
    publisher = "<UniqueName>x</UniqueName><CustomizationPrefix>gs</CustomizationPrefix>"
    solution = f"<UniqueName>x</UniqueName><Version>1.0</Version><Publisher>{publisher}</Publisher>"
    control = f"<Name>gs_x.Card</Name><FileName>/{MANIFEST}</FileName>"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("solution.xml", f"<x><SolutionManifest>{solution}</SolutionManifest></x>")
        parts = f"<CustomControls><CustomControl>{control}</CustomControl></CustomControls>"
        archive.writestr("customizations.xml", f"<x>{parts}</x>")
        archive.writestr(MANIFEST, '<manifest><control version="1.0"/></manifest>')
        for name, text in files:
            archive.writestr(f"Controls/gs_x.Card/{name}", text)
    body = {
        "OverwriteUnmanagedCustomizations": True,
        "PublishWorkflows": False,
        "CustomizationFile": b64encode(held.getvalue()).decode(),
        "ImportJobId": str(uuid.uuid4()),
    }
    assert org.send("POST", "ImportSolutionAsync", body).status_code == 200


@pytest.mark.parametrize(
    ("kind", "served"),
    [(3, "text/javascript; charset=utf-8"), (11, "image/svg+xml"), (12, "text/xml; charset=utf-8")],
)
def test_a_web_resource_is_served_as_what_it_is(org: OrgServer, kind: int, served: str) -> None:
    resource_id = resource(org, "gs_/a/b.file", kind, b"content")
    assert fetch(org, "gs_/a/b.file").status_code == 404
    assert publish(org, resource_id) == 204
    answer = fetch(org, "gs_/a/b.file")
    assert (answer.text, answer.headers["Content-Type"]) == ("content", served)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_change_is_seen_once_it_is_published(org: OrgServer) -> None:
    resource_id = resource(org, "gs_/a.js", 3, b"old")
    publish(org, resource_id)
    changed = {"content": b64encode(b"new").decode()}
    assert org.send("PATCH", f"webresourceset({resource_id})", changed).status_code == 204
    assert fetch(org, "gs_/a.js").text == "old"
    assert org.send("POST", "PublishAllXml").status_code == 204
    assert fetch(org, "gs_/a.js").text == "new"


def test_what_was_published_goes_with_its_row(org: OrgServer) -> None:
    resource_id = resource(org, "gs_/a.js", 3, b"old")
    publish(org, resource_id)
    assert org.send("DELETE", f"webresourceset({resource_id})").status_code == 204
    assert fetch(org, "gs_/a.js").status_code == 404
    resource(org, "gs_/b.js", 3, b"new")
    assert fetch(org, "gs_/b.js").status_code == 404


def test_the_files_of_a_control_are_those_of_its_last_import(org: OrgServer) -> None:
    imported(org, ("bundle.js", "old"), ("strings/Card.1033.resx", "<root/>"))
    assert fetch(org, "cc_gs_x.Card/bundle.js").text == "old"
    kind = fetch(org, "cc_gs_x.Card/strings/Card.1033.resx").headers["Content-Type"]
    assert kind == "text/xml; charset=utf-8"
    imported(org, ("bundle.js", "new"))
    assert fetch(org, "cc_gs_x.Card/bundle.js").text == "new"
    assert fetch(org, "cc_gs_x.Card/strings/Card.1033.resx").status_code == 404


def test_the_files_of_a_control_go_with_it(org: OrgServer) -> None:
    imported(org, ("bundle.js", "text"))
    (control,) = org.rows("customcontrols?$select=customcontrolid")
    org.send("DELETE", f"customcontrols({control['customcontrolid']})")
    assert fetch(org, "cc_gs_x.Card/bundle.js").status_code == 404
