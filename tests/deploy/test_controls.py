"""The grade card's solution file: imported once a version, and nothing depends on it."""

import io
import zipfile

import pytest
from msgspec.structs import replace

from gradesys.deploy.actions import pending
from gradesys.deploy.apply import Applied, apply
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.plan import plan
from gradesys.deploy.remove import removal
from gradesys.deploy.surface.assets import read_assets
from tests.deploy.organisations import ASSETS, deploy, wanted, whole
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

CONTROL = "Controls/gs_gradesys.GradeCard/ControlManifest.xml"


def package(version: str = "1.0.0", prefix: str = "gs") -> bytes:
    """A solution file with one control."""
    publisher = (
        f"<UniqueName>gradesys</UniqueName><CustomizationPrefix>{prefix}</CustomizationPrefix>"
        "<CustomizationOptionValuePrefix>92150</CustomizationOptionValuePrefix>"
    )
    manifest = (
        f"<UniqueName>gradesys_controls</UniqueName><Version>{version}</Version>"
        f"<Managed>0</Managed><Publisher>{publisher}</Publisher>"
    )
    control = f"<Name>gs_gradesys.GradeCard</Name><FileName>/{CONTROL}</FileName>"
    files = {
        "solution.xml": f"<ImportExportXml><SolutionManifest>{manifest}</SolutionManifest>"
        "</ImportExportXml>",
        "customizations.xml": "<ImportExportXml><Entities/><CustomControls>"
        f"<CustomControl>{control}</CustomControl></CustomControls></ImportExportXml>",
        "[Content_Types].xml": "<Types/>",
        CONTROL: f'<manifest><control version="{version}"/></manifest>',
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return held.getvalue()


def with_card(controls: bytes | None = None) -> Manifest:
    return replace(wanted(), assets=replace(ASSETS, controls=controls or package()))


def versions(org: OrgServer) -> list[tuple[str, str]]:
    controls = org.rows("customcontrols")
    solutions = org.rows("solutions?$filter=uniquename eq 'gradesys_controls'")
    return [(row["version"], "control") for row in controls] + [
        (row["version"], "solution") for row in solutions
    ]


def test_the_card_is_imported_and_a_second_plan_has_nothing_to_do(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, with_card())
    assert versions(org) == [("1.0.0", "control"), ("1.0.0", "solution")]
    assert pending(plan(with_card(), client)) == ()


@pytest.mark.parametrize(
    ("shipped", "imported"),
    [("1.0.1", "1.0.1"), ("1.0.0.0", "1.0.0"), ("0.9.9", "1.0.0"), ("1.0.10", "1.0.10")],
)
def test_only_a_newer_version_is_imported(
    org: OrgServer, client: WatchedClient, shipped: str, imported: str
) -> None:
    deploy(client, with_card())
    deploy(client, with_card(package(shipped)))
    assert dict(versions(org)) == {imported: "solution"}


@pytest.mark.parametrize("mistake", ["a broken file", "another prefix", "no such action"])
def test_a_failed_import_is_told_and_everything_else_stands(
    org: OrgServer, client: WatchedClient, mistake: str
) -> None:
    controls = package(prefix="other") if mistake == "another prefix" else package()
    if mistake == "a broken file":
        controls = controls.replace(CONTROL.encode(), CONTROL.lower().encode())
    if mistake == "no such action":
        client.refused = ("ImportSolutionAsync",)
    done = deploy(client, with_card(controls))
    (loss,) = done.losses
    assert "forms have no grade card" in loss
    assert org.names("webresourceset") != []
    client.refused = ()
    left = [action.what for action in pending(plan(with_card(controls), client))]
    assert left == ["solution gradesys_controls"]


def test_remove_takes_the_card_away(org: OrgServer, client: WatchedClient) -> None:
    before = whole(org)
    deploy(client, with_card())
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before
    assert versions(org) == []


def test_a_control_that_cannot_be_deleted_is_told(org: OrgServer, client: WatchedClient) -> None:
    deploy(client, with_card())
    client.refused = ("customcontrols",)
    told: Applied = apply(removal(client), client, lambda action: None)
    (loss,) = told.losses
    assert "take it off the forms" in loss
    assert org.rows("publishers") == []


def test_the_shipped_card_is_one_that_can_be_imported(
    org: OrgServer, client: WatchedClient
) -> None:
    controls = read_assets().controls
    if controls is not None:
        assert deploy(client, with_card(controls)).losses == ()
        assert len(versions(org)) == 2
