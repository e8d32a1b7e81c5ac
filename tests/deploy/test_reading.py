"""Reading collections: page by page, and never everything by mistake."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gradesys.dataverse.answers import Response
from gradesys.dataverse.client import Client
from gradesys.deploy.reading import any_of, rows


class Pages(Client):
    """Answers the pages it was given, and remembers the paths."""

    def __init__(self, *pages: Mapping[str, Any]) -> None:
        super().__init__("http://127.0.0.1:1", lambda: None)
        self.pages = list(pages)
        self.paths: list[str] = []

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        self.paths.append(path)
        return Response(200, {}, msgspec.json.encode(self.pages.pop(0)))


def test_a_collection_is_read_to_its_last_page() -> None:
    client = Pages({"value": [{"id": "1"}], "@odata.nextLink": "next"}, {"value": [{"id": "2"}]})
    assert rows(client, "things", ("id",), "id eq 1") == [{"id": "1"}, {"id": "2"}]
    assert client.paths == ["things?$select=id&$filter=id%20eq%201", "next"]


def test_rows_that_belong_to_nothing_are_not_asked_for() -> None:
    client = Pages()
    assert rows(client, "things", ("id",), any_of("_parent_value", ())) == []
    assert client.paths == []


def test_any_of_several_ids_is_an_or() -> None:
    assert any_of("id", ("a", "b")) == "id eq a or id eq b"
