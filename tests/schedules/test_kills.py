"""A process is killed after each single call that it makes: all of them, none picked at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from gradesys.button import Press, receive_press
from gradesys.engine import Context
from gradesys.live.handling import receive
from gradesys.records import Event, Key
from gradesys.runrow import STATES
from tests.schedules.play import A2, Play, work_once
from tests.schedules.stage import Actor

RUN = "11111111-2222-4333-8444-555555555555"
Accept = Callable[[Context], object]
Scene = Callable[[Play], Accept]


def event(change: Callable[[Play], Event]) -> Scene:
    """A user changes something, and the receiver takes the event in."""

    def scene(play: Play) -> Accept:
        told = change(play)
        return lambda context: receive(context, told)

    return scene


def press(*ids: str) -> Scene:
    """An amount changes unseen, and a user presses Recompute; no ids: for all records."""

    def scene(play: Play) -> Accept:
        pay(play)
        return lambda context: receive_press(context, Press(RUN, "account", ids or None))

    return scene


def pay(play: Play) -> Event:
    return play.crm.update("invoice", "i1", totalamount=Decimal(30))


def move(play: Play) -> Event:
    return play.crm.update("invoice", "i1", customerid=A2)


def merge(play: Play) -> Event:
    return play.crm.merge("a2", "a1")


@dataclass
class Life:
    """One process from the receiver to the last dependant; ``accepted`` when it answered 2xx."""

    accept: Accept
    play: Play = field(default_factory=lambda: Play().settled())
    accepted: bool = False

    def live(self) -> None:
        context = self.play.process()
        self.accept(context)
        self.accepted = True
        for _ in range(6):
            self.play.crm.clock.forward(2)
            work_once(context)


def born(scene: Scene) -> tuple[Life, Actor]:
    """A process that has done nothing yet, and its life."""
    play = Play().settled()
    play.runs.clear()
    life = Life(scene(play), play)
    return life, play.stage.actor(life.live)


SCENES = {
    "an amount": event(pay),
    "a move": event(move),
    "a merge": event(merge),
    "the button": press("a1", "a2"),
    "the button for all": press(),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_fault_20_a_kill_after_any_call_costs_one_run_a_key_and_no_result(scene: Scene) -> None:
    whole, actor = born(scene)
    actor.finish()
    assert whole.play.wrong() == []
    calls = actor.calls
    killed = [n for n in range(1, len(calls)) if killed_after(n, scene, whole.play.runs)]
    assert len(killed) == len(calls) - 1
    assert {"mark", "claim", "begin", "read", "write", "done"} <= set(calls)
    print(f"killed after each of {len(killed)} calls")


def killed_after(calls: int, scene: Scene, runs: Counter[Key]) -> bool:
    """Whether a process was killed after so many calls, and another one brought all to its end."""
    life, actor = born(scene)
    for _ in range(calls + 1):
        actor.step()
    alive = not actor.ended
    actor.kill()
    play = life.play
    play.expire()
    if not life.accepted:
        life.accept(play.process())
    play.settle()
    assert play.wrong() == [], actor.calls
    assert all(count <= runs[key] + 1 for key, count in play.runs.items()), actor.calls
    written = len(play.crm.writes)
    play.resync()
    assert len(play.crm.writes) == written, actor.calls
    if "gs_run" in play.crm.tables:
        assert play.crm.tables["gs_run"][RUN]["gs_state"] == STATES["done"], actor.calls
    return alive
