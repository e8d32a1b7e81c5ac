"""Definitions change under requests: nobody sees what is not committed, nobody fails for it."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from emulator.definitions import Column
from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.stats import Stats
from emulator.webapi.calls import Answer, Call, Headers
from emulator.webapi.dispatch import Api


@pytest.fixture
def org() -> Iterator[Organization]:
    org = Organization(None)
    yield org
    org.close()


def elsewhere(work: Callable[[], Any]) -> Any:
    """What another thread finds."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join(30)
    return found[0]


def add_column(org: Organization, name: str) -> None:
    table = org.definitions.tables["account"]
    columns = table.columns | {name: Column(name=name, schema_name=name, kind="Memo", id=name)}
    org.define_table(msgspec.structs.replace(table, columns=columns))


def knows(org: Organization, name: str) -> bool:
    return name in org.definitions.tables["account"].columns


def test_a_new_column_is_seen_by_others_after_the_commit_only(org: Organization) -> None:
    version = org.metadata_version
    with org.transaction():
        add_column(org, "gs_new")
        assert knows(org, "gs_new")
        assert not elsewhere(lambda: knows(org, "gs_new"))
        assert elsewhere(lambda: org.metadata_version) == version
    assert elsewhere(lambda: knows(org, "gs_new"))
    assert org.metadata_version > version


def test_a_rolled_back_column_was_never_there(org: Organization) -> None:
    def broken() -> None:
        with org.transaction():
            add_column(org, "gs_new")
            raise ApiError(400, "0x80040203", "no")

    with pytest.raises(ApiError):
        broken()
    assert not knows(org, "gs_new")


def test_a_request_begins_again_when_definitions_change_under_it(org: Organization) -> None:
    seen: list[bool] = []

    def write(call: Call) -> Answer:
        seen.append(knows(org, "gs_new"))
        if len(seen) == 1:
            elsewhere(lambda: add_column(org, "gs_new"))
            raise KeyError("a table that has just been removed")
        return Answer(204)

    api = Api(Stats(), write_definition=write)
    call = Call(org, "POST", "EntityDefinitions", "", Headers(), b"", "http://x/")
    assert api.answer(call).status == 204
    assert seen == [False, True]
