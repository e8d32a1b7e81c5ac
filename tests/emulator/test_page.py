"""The page at the root: the files of its folder, 404 for the rest."""

from pathlib import Path

import pytest

from emulator.page import FOLDER, page_routes
from tests.emulator.serving import OrgServer

REACT = "16.14.0"
"""What the platform gives to virtual controls."""


def test_the_root_is_the_page(org_server: OrgServer) -> None:
    answer = org_server.send("GET", f"{org_server.url}/")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.content == (FOLDER / "index.html").read_bytes()


@pytest.mark.parametrize("path", ["missing.js", "..%2fapp.py", "_emulator/missing"])
def test_nothing_else_is_served(org_server: OrgServer, path: str) -> None:
    assert org_server.send("GET", f"{org_server.url}/{path}").status_code == 404


def test_a_page_request_is_no_request_of_the_web_api(org_server: OrgServer) -> None:
    stats = org_server.emulator.stats
    before = stats.snapshot()["requests"]
    org_server.send("GET", f"{org_server.url}/")
    assert stats.snapshot()["requests"] == before


def test_the_page_shows_the_views_that_were_posted_last(org_server: OrgServer) -> None:
    address = f"{org_server.url}/_emulator/views"
    assert org_server.send("GET", address).json() == []
    for views in ([{"id": "a"}, {"id": "b"}], []):
        assert org_server.send("POST", address, views).json() == views
        assert org_server.send("GET", address).json() == views


@pytest.mark.parametrize("body", ["no json", '{"id": "a"}'])
def test_views_that_are_no_list_are_refused(org_server: OrgServer, body: str) -> None:
    sent = org_server.session.post(f"{org_server.url}/_emulator/views", data=body, timeout=30)
    assert sent.status_code == 400
    assert "error" in sent.json()


def test_without_a_folder_there_is_no_page(tmp_path: Path) -> None:
    assert page_routes(tmp_path / "page") == []


@pytest.mark.parametrize("package", ["react", "react-dom"])
def test_what_others_wrote_lies_beside_its_licence(package: str) -> None:
    folder = FOLDER / "vendor" / package
    script = (folder / f"{package}.production.min.js").read_text(encoding="utf-8")
    assert f"@license React v{REACT}" in script
    assert "MIT License" in (folder / "LICENSE").read_text(encoding="utf-8")
