"""Every question, asked of the emulator, whose answers are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import requests

from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.errors import SettingsError, TemporaryError
from gradesys.smoke import (
    MARK,
    NOWHERE,
    QUESTIONS,
    Bench,
    Ear,
    Finding,
    Receiver,
    Said,
    ask_all,
    require_leave,
    sweep,
)
from gradesys.smoke.asking import LONGEST_S
from gradesys.smoke.cleanup import KINDS
from gradesys.smoke.question import Answer, Question, answer
from tests.clock import Clock
from tests.emulator.conftest import start_server
from tests.emulator.serving import OrgServer

__all__ = ["start_server"]

KNOWN = dict.fromkeys((question.name for question in QUESTIONS), Said.YES) | {
    "merge": Said.NO,
    "removed-link": Said.NO,
    "closing": Said.NO,
    "bulk-condition": Said.NO,
    "managed-identity": Said.UNASKED,
}
UNHEARD = {"image-of-update": Said.UNASKED, "image-of-delete": Said.UNASKED}


@pytest.fixture(scope="module")
def server(start_server: Callable[..., OrgServer]) -> OrgServer:
    return start_server()


@pytest.fixture
def client(server: OrgServer) -> Iterator[Client]:
    with closing(client_of(server)) as client:
        yield client


def client_of(server: OrgServer) -> Client:
    return Client(server.url, lambda: None, ClientOptions(sleep=lambda seconds: None, attempts=2))


def bench_of(server: OrgServer, client: Client, receiver: Receiver | None = None) -> Bench:
    """Time passes only while the bench waits, and then the emulator posts what it has."""
    clock = Clock()

    def sleep(seconds: float) -> None:
        requests.post(f"{server.url}/_emulator/settle", timeout=40)
        clock.forward(seconds)

    url, key = (receiver.url, receiver.key) if receiver else (NOWHERE, "none")
    ear = Ear(client, MARK, url, key, clock, sleep)
    return Bench(client, ear, receiver, "none", clock)


def asked(bench: Bench, *names: str) -> dict[str, Finding]:
    """The findings by the names of their questions; all where none is named."""
    wanted = [question for question in QUESTIONS if not names or question.name in names]
    said: list[str] = []
    found = {each.question.name: each for each in ask_all(bench, wanted, said.append)}
    assert len(said) == len(found) == len(wanted)
    return found


def answers(found: dict[str, Finding]) -> dict[str, Said]:
    return {name: each.answer.said for name, each in found.items()}


def test_every_question_has_the_answer_that_is_known(server: OrgServer, client: Client) -> None:
    with closing(Receiver()) as receiver:
        found = asked(bench_of(server, client, receiver))
    assert answers(found) == KNOWN, {n: f.answer for n, f in found.items() if f.answer.text}
    assert sweep(client) == []
    for entity_set, key, name, begins in KINDS:
        where = f"?$select={key}&$filter=startswith({name},'{begins}')"
        assert server.get(f"{entity_set}{where}")["value"] == []


def test_without_a_receiver_only_what_bodies_carry_is_not_asked(
    server: OrgServer, client: Client
) -> None:
    names = (*UNHEARD, "update-multiple", "custom-api")
    found = asked(bench_of(server, client), *names)
    assert answers(found) == {name: KNOWN[name] for name in names} | UNHEARD
    assert sweep(client) == []


def test_where_closed_rows_are_read_only_the_answer_is_no(
    start_server: Callable[..., OrgServer],
) -> None:
    strict = start_server(strict_closed=True)
    with closing(client_of(strict)) as client:
        found = asked(bench_of(strict, client), "closed-rows")["closed-rows"]
    assert (found.answer.said, "refused with 4" in found.answer.text) == (Said.NO, True)
    assert "grade no closed record" in found.question.meaning(found.answer)


def _broken(bench: Bench) -> Answer:
    raise TemporaryError("no answer")


def _late(bench: Bench) -> Answer:
    assert isinstance(bench.clock, Clock)
    bench.clock.forward(LONGEST_S)
    return answer(True, "at last")


def test_a_question_that_cannot_be_asked_stops_no_other_and_time_ends_them_all(
    server: OrgServer, client: Client
) -> None:
    broken, late = (Question(name, name, ask, "y", "n") for name, ask in
                    (("broken", _broken), ("late", _late)))  # fmt: skip
    found = list(ask_all(bench_of(server, client), (broken, late, late), lambda line: None))
    assert [each.answer.said for each in found] == [Said.UNASKED, Said.YES, Said.UNASKED]
    assert [each.answer.text for each in found][::2] == [
        "TemporaryError: no answer",
        "time is over",
    ]


@pytest.mark.parametrize(
    ("kind", "leave", "may"),
    [
        ("Developer", False, True),
        ("CustomerTest", False, True),
        ("Trial", False, True),
        ("Customer", False, False),
        ("Secondary", False, False),
        ("Default", False, False),
        ("SomethingNew", False, False),
        ("", False, False),
        ("Secondary", True, True),
        ("", True, True),
    ],
)
def test_what_may_be_production_is_asked_only_by_somebody_who_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: str, leave: bool, may: bool
) -> None:
    monkeypatch.setattr("gradesys.smoke.place.kind_of", lambda client: kind)
    if may:
        require_leave(client, leave)
        return
    with pytest.raises(SettingsError, match="--yes"):
        require_leave(client, leave)


def test_the_emulator_says_that_it_is_for_developers(client: Client) -> None:
    require_leave(client, leave=False)


def test_a_receiver_hears_nobody_without_its_key() -> None:
    with closing(Receiver()) as receiver:
        for headers in ({}, {"x-gs-key": "wrong"}):
            refused = requests.post(receiver.url, json={}, headers=headers, timeout=10)
            assert refused.status_code == 401
        known = {"x-gs-key": receiver.key}
        assert requests.post(receiver.url, "x", headers=known, timeout=10).status_code == 400
        assert receiver.told == []
