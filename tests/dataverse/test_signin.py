"""A refused sign-in: one refresh, one replay, then ever longer pauses, and back by itself."""

from __future__ import annotations

import responses

from gradesys.dataverse.auth import TokenSource
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.signin import FIRST_PAUSE_S, LONGEST_PAUSE_S, SignIn
from gradesys.errors import SettingsError, SignInRefused
from tests.clock import Clock
from tests.dataverse.organisation import API, ROOT


class Authority:
    """Gives tokens or refuses, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.refuses = True

    def acquire(self) -> dict[str, str]:
        self.asked += 1
        if self.refuses:
            return {"error": "invalid_client", "error_description": "AADSTS7000222: expired"}
        return {"access_token": "a-token"}


def wait_of(sign_in: SignIn) -> float | None:
    """Seconds until it is worth asking again; None: let in."""
    try:
        sign_in.token()
    except SignInRefused as refusal:
        return refusal.retry_after
    sign_in.accepted()
    return None


def test_who_is_refused_asks_ever_more_seldom() -> None:
    clock, authority = Clock(), Authority()
    sign_in = SignIn(TokenSource(lambda: authority.acquire), clock)
    pauses = []
    for _ in range(6):
        pause = wait_of(sign_in)
        assert pause is not None
        assert [wait_of(sign_in) for _ in range(20)] == [pause] * 20
        pauses.append(pause)
        clock.forward(pause)
    assert pauses == [FIRST_PAUSE_S, 10, 20, 40, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    assert authority.asked == 6


def test_one_success_and_everybody_goes_on() -> None:
    clock, authority = Clock(), Authority()
    sign_in = SignIn(TokenSource(lambda: authority.acquire), clock)
    assert wait_of(sign_in) == FIRST_PAUSE_S
    assert "AADSTS7000222" in sign_in.refusal
    authority.refuses = False
    clock.forward(FIRST_PAUSE_S)
    assert (wait_of(sign_in), wait_of(sign_in), sign_in.refusal) == (None, None, "")
    authority.refuses = True
    sign_in.renew()
    assert wait_of(sign_in) == FIRST_PAUSE_S


def test_only_one_request_tries_when_the_pause_is_over() -> None:
    clock, authority = Clock(), Authority()
    sign_in = SignIn(TokenSource(lambda: authority.acquire), clock)
    wait_of(sign_in)
    authority.refuses = False
    clock.forward(FIRST_PAUSE_S)
    assert sign_in.token() == "a-token"
    assert wait_of(sign_in) == FIRST_PAUSE_S


def test_refusals_that_were_under_way_together_are_one() -> None:
    sign_in = SignIn(lambda: "a-token", Clock())
    waits = [sign_in.refused("401").retry_after for _ in range(8)]
    assert waits == [FIRST_PAUSE_S] * 8


def test_a_second_401_is_one_refresh_and_one_replay_and_then_no_request(
    mock: responses.RequestsMock,
) -> None:
    clock, authority = Clock(), Authority()
    authority.refuses = False
    options = ClientOptions(clock=clock, sleep=clock.forward)
    client = Client(ROOT, TokenSource(lambda: authority.acquire), options)
    mock.get(API + "accounts", status=401)
    for _ in range(10):
        try:
            client.request("GET", "accounts")
        except SettingsError as error:
            assert isinstance(error, SignInRefused)
    assert (len(mock.calls), authority.asked) == (2, 2)
    mock.replace("GET", API + "accounts", json={"value": []})
    clock.forward(FIRST_PAUSE_S)
    assert client.request("GET", "accounts").status == 200
    assert client.sign_in.refusal == ""
    client.close()
