"""The page at the root: files as they lie in a folder, 404 for the rest."""

import asyncio
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from emulator.page import page_routes


def answer(app: Starlette, path: str) -> tuple[int, bytes]:
    """Status and body of a GET, without a server."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
             "query_string": b"", "headers": [], "root_path": ""}  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", (200, b"<p>page</p>")),
        ("/form.js", (200, b"let x")),
        ("/missing.js", (404, b"Not Found")),
        ("/../secret.txt", (404, b"Not Found")),
    ],
)
def test_files_of_the_folder_are_served_and_nothing_else(
    tmp_path: Path, path: str, expected: tuple[int, bytes]
) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "index.html").write_text("<p>page</p>")
    (folder / "form.js").write_text("let x")
    assert answer(Starlette(routes=page_routes(folder)), path) == expected


def test_without_a_folder_there_is_no_page(tmp_path: Path) -> None:
    assert page_routes(tmp_path / "page") == []
