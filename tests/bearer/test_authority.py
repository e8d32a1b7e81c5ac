"""When the authority is asked for its keys, and how long they count."""

from __future__ import annotations

import pytest

from gradesys.bearer.authority import PAUSE_S, RENEW_S, TRUST_S, Authority
from gradesys.errors import TemporaryError
from tests.bearer.issuing import KEY_ID, OTHER_KEY, Publishing
from tests.clock import Clock

BUSY = TemporaryError("busy")


def test_a_known_key_is_not_asked_for_again_until_it_is_old() -> None:
    publishing, clock = Publishing(), Clock()
    authority = Authority(publishing, clock)
    for _ in range(100):
        authority.published(KEY_ID)
        clock.forward(RENEW_S / 100)
    assert publishing.asked == 1
    clock.forward(1)
    authority.published(KEY_ID)
    assert publishing.asked == 2


def test_invented_key_ids_ask_once_a_minute_at_most() -> None:
    publishing, clock = Publishing(), Clock()
    authority = Authority(publishing, clock)
    for number in range(600):
        authority.published(f"invented {number}")
        clock.forward(1)
    assert publishing.asked == 600 / PAUSE_S


def test_a_new_key_is_found_within_a_minute_and_a_withdrawn_one_is_gone() -> None:
    publishing, clock = Publishing(), Clock()
    authority = Authority(publishing, clock)
    authority.published(KEY_ID)
    publishing.keys = {"new": OTHER_KEY.public_key()}
    assert "new" not in authority.published("new").keys
    clock.forward(PAUSE_S)
    assert authority.published("new").keys.keys() == {"new"}


def test_known_keys_outlast_an_authority_that_does_not_answer_for_a_day() -> None:
    publishing, clock = Publishing(), Clock()
    authority = Authority(publishing, clock)
    authority.published(KEY_ID)
    publishing.trouble = BUSY
    clock.forward(TRUST_S)
    assert KEY_ID in authority.published(KEY_ID).keys
    clock.forward(1)
    with pytest.raises(TemporaryError, match="busy"):
        authority.published(KEY_ID)


def test_an_authority_that_never_answered_is_asked_once_a_minute_too() -> None:
    publishing, clock = Publishing(trouble=BUSY), Clock()
    authority = Authority(publishing, clock)
    for _ in range(61):
        with pytest.raises(TemporaryError, match="busy"):
            authority.published(KEY_ID)
        clock.forward(1)
    assert publishing.asked == 2
    publishing.trouble = None
    clock.forward(PAUSE_S)
    assert KEY_ID in authority.published(KEY_ID).keys
