"""The solution zip of the card: the same bytes every time, and nothing that an import refuses."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from gradesys.deploy.names import OPTION_PREFIX, PREFIX, PUBLISHER
from solution.controls.pack import ARCHIVE, CONTROL, EARLIEST, FOLDER, pack
from solution.controls.release import BUILT, MANIFEST, Release, built_files

FILES = built_files()
SHIPPED = ARCHIVE.read_bytes()


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(SHIPPED))


def parsed(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(name))


def test_packed_twice_it_is_the_same_bytes_whatever_the_order_of_the_files() -> None:
    backwards = dict(reversed(FILES.items()))

    assert pack(FILES) == pack(FILES) == pack(backwards)


def test_the_shipped_archive_is_what_the_committed_files_make() -> None:
    assert pack(FILES) == SHIPPED


def test_its_entries_are_sorted_stored_and_of_no_day_and_no_machine(
    archive: zipfile.ZipFile,
) -> None:
    entries = archive.infolist()

    assert [entry.filename for entry in entries] == [
        f"{FOLDER}/ControlManifest.xml",
        f"{FOLDER}/bundle.js",
        f"{FOLDER}/strings/GradeCard.1033.resx",
        f"{FOLDER}/strings/GradeCard.1065.resx",
        "[Content_Types].xml",
        "customizations.xml",
        "solution.xml",
    ]
    assert {(e.date_time, e.create_system, e.compress_type) for e in entries} == {
        (EARLIEST, 0, zipfile.ZIP_STORED)
    }


def test_every_ending_has_a_content_type(archive: zipfile.ZipFile) -> None:
    told = {each.attrib["Extension"] for each in parsed(archive, "[Content_Types].xml")}

    assert told == {name.rpartition(".")[2] for name in archive.namelist()}


def test_it_is_a_solution_of_its_own_by_the_publisher_of_the_rest(
    archive: zipfile.ZipFile,
) -> None:
    solution = parsed(archive, "solution.xml")
    paths = {
        "SolutionManifest/UniqueName": "gradesys_controls",
        "SolutionManifest/Version": Release.read().version,
        "SolutionManifest/Managed": "0",
        "SolutionManifest/Publisher/UniqueName": PUBLISHER,
        "SolutionManifest/Publisher/CustomizationPrefix": PREFIX,
        "SolutionManifest/Publisher/CustomizationOptionValuePrefix": str(OPTION_PREFIX),
    }

    assert {path: solution.findtext(path) for path in paths} == paths


def test_the_only_component_is_the_control_and_its_manifest_is_where_it_says(
    archive: zipfile.ZipFile,
) -> None:
    roots = [root.attrib for root in parsed(archive, "solution.xml").iter("RootComponent")]
    (control,) = parsed(archive, "customizations.xml").iter("CustomControl")

    assert roots == [{"type": "66", "schemaName": CONTROL, "behavior": "0"}]
    assert control.attrib == {}, "import wants elements, not attributes"
    assert control.findtext("Name") == CONTROL
    assert (control.findtext("FileName") or "").lstrip("/") in archive.namelist()


def test_the_manifest_names_the_control_and_every_file_beside_it() -> None:
    control = ElementTree.fromstring(FILES[MANIFEST]).find("control")
    assert control is not None
    named = {each.attrib["path"] for each in control.iter() if "path" in each.attrib}

    assert f"{PREFIX}_{control.attrib['namespace']}.{control.attrib['constructor']}" == CONTROL
    assert named | {MANIFEST} == FILES.keys()


def test_only_the_score_is_required_and_only_react_is_borrowed() -> None:
    control = ElementTree.fromstring(FILES[MANIFEST]).find("control")
    assert control is not None
    bound = {each.attrib["name"]: each.attrib["required"] for each in control.iter("property")}
    others = ("grade", "reasons", "explanation", "trend", "status", "scoredOn")

    assert bound == {"score": "true", **dict.fromkeys(others, "false")}
    assert [each.attrib for each in control.iter("platform-library")] == [
        {"name": "React", "version": "16.14.0"}
    ]


@pytest.mark.parametrize("attribute", ["display-name-key", "description-key"])
def test_keys_of_the_manifest_have_no_apostrophe_and_a_text_in_both_languages(
    attribute: str,
) -> None:
    manifest = ElementTree.fromstring(FILES[MANIFEST])
    keys = {each.attrib[attribute] for each in manifest.iter() if attribute in each.attrib}

    assert keys
    assert not any("'" in key for key in keys)
    assert keys <= texts(1033).keys() & texts(1065).keys()


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    english, persian = texts(1033), texts(1065)

    assert list(english) == list(persian)
    assert all(english.values())
    assert {key: places(text) for key, text in english.items()} == {
        key: places(text) for key, text in persian.items()
    }


def texts(language: int) -> dict[str, str]:
    root = ElementTree.parse(BUILT / "strings" / f"GradeCard.{language}.resx").getroot()
    return {each.attrib["name"]: each.findtext("value") or "" for each in root.iter("data")}


def places(text: str) -> set[str]:
    return set(re.findall(r"\{\d\}", text))
