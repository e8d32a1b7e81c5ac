"""Resyncs at the terminal: progress, what may be asked together, runs and their end."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gradesys.cli import gradesys, resync, runlist
from gradesys.engine import Context
from gradesys.resync import Order, Run, Standing, start_run
from gradesys.settings import Settings
from tests.engine.world import context_of, small_org


class Desk:
    """The service as a command finds it, over an org in memory."""

    settings = Settings(dataverse_url="http://127.0.0.1:1")

    def __init__(self, folder: Path) -> None:
        self._context = context_of(small_org(), folder)
        self.ledger = self._context.ledger

    def context(self) -> Context:
        return self._context


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    for module in (resync, runlist):
        monkeypatch.setattr(module, "open_app", lambda: desk)
    monkeypatch.setattr(resync, "require_models", lambda app, models: None)
    return desk


def said(*arguments: str, code: int = 0) -> str:
    """What a command prints, both streams together."""
    result = CliRunner().invoke(gradesys, arguments, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    assert (result.return_value or 0) == code, result.output
    return result.output


def begun(desk: Desk) -> Run:
    return start_run(desk.context(), Order("tick"))


def test_a_resync_says_what_it_did_and_why(desk: Desk) -> None:
    text = said("resync")
    assert "2 read, 2 written, 0 failed" in text
    assert "changed because: 2 never scored before" in text
    assert "account: 0 of 1 partitions" in text


def test_an_interrupted_run_is_resumed(desk: Desk) -> None:
    run = begun(desk)
    assert json.loads(said("resync", "--resume", "--json").splitlines()[-1])["run"] == run.id
    assert "no run is under way" in said("resync", "--resume", code=1)


def test_a_hanging_run_is_ended_and_named(desk: Desk) -> None:
    run = begun(desk)
    text = said("resync", "--clear-lock")
    assert f"abandoned: run {run.id}" in text
    assert "not finished: customers, orders" in text
    assert "0 runs ended" in said("resync", "--clear-lock")


def test_whoever_interrupts_a_run_is_told_how_it_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(standing: Standing) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(click.Abort):
        patched.setattr("gradesys.cli.progress._Lines.show", lambda self, now: interrupt(now))
        gradesys.main(["resync"], standalone_mode=False)
    assert "gradesys resync --resume" in capsys.readouterr().err
    assert "2 read, 2 written" in said("resync", "--resume")


@pytest.mark.parametrize(
    "arguments",
    [("--resume", "--clear-lock"), ("--resume", "--dry-run"), ("--clear-lock", "--model", "x")],
)
def test_what_makes_no_sense_together_is_refused(desk: Desk, arguments: tuple[str, ...]) -> None:
    with pytest.raises(Exception, match="stand alone"):
        said("resync", *arguments)


def test_runs_are_listed_and_one_is_told_in_full(desk: Desk) -> None:
    said("resync")
    (run,) = json.loads(said("runs", "--json"))
    assert (run["state"], run["read"], run["written"]) == ("done", 2, 2)
    assert run["run"][:8] in said("runs")
    text = said("runs", run["run"][:8])
    assert "2: never scored before" in text
    assert "unexplained: 0.0000% of the rows read" in text
    assert "partition pass 1, number 0, attempts 1, state done" in text
    told = json.loads(said("runs", run["run"], "--json"))
    assert len(told["partitions"]) == 2


def test_an_unknown_run_is_a_mistake(desk: Desk) -> None:
    with pytest.raises(Exception, match="0 runs have an id that begins with abc"):
        said("runs", "abc")
