"""Azure and one machine run the same triggers: what each lists, compared with the table."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from starlette.routing import Route

from functions import TRIGGERS
from functions.trigger import Http, Queue, Timer, Trigger
from gradesys import host
from gradesys.app import App
from gradesys.cli import gradesys
from gradesys.settings import Settings
from tests.azure.conftest import Azure
from tests.azure.python313 import ROOT
from tests.line.running import Json, eventually

Fired = tuple[str, ...]
PREFIX = json.loads((ROOT / "host.json").read_text("utf-8"))["extensions"]["http"]["routePrefix"]


def fired_by(trigger: Trigger) -> Fired:
    """What fires a trigger of the table."""
    if isinstance(trigger, Http):
        return "http", trigger.method, f"/{PREFIX}/{trigger.route}"
    if isinstance(trigger, Queue):
        return "queue", trigger.queue
    return "timer", str(trigger.minutes)


def azure_lists(bindings: Sequence[Json]) -> Fired:
    """What fires a function that Azure indexed."""
    (trigger,) = (binding for binding in bindings if binding["direction"] == "IN")
    if trigger["type"] == "httpTrigger":
        (method,) = trigger["methods"]
        return "http", method, f"/{PREFIX}/{trigger['route']}"
    if trigger["type"] == "queueTrigger":
        return "queue", trigger["queueName"]
    minutes = re.fullmatch(r"0 \*/(\d+) \* \* \* \*", trigger["schedule"])
    assert minutes is not None, trigger
    return "timer", minutes[1]


def host_runs(triggers: Sequence[Trigger], folder: Path) -> set[Fired]:
    """What the local host routes, and which queues and timers its loops really call."""
    app = App(Settings(work=folder / "work.sqlite"))
    routes = [route for route in host.web(triggers, app).routes if isinstance(route, Route)]
    found: set[Fired] = {
        ("http", method, route.path)
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    wanted = {fired_by(t) for t in triggers if not isinstance(t, Http)}
    with host.background([_noting(trigger, found) for trigger in triggers], app):
        eventually(lambda: wanted <= found)
    return found


def _noting(trigger: Trigger, found: set[Fired]) -> Trigger:
    """The trigger with a handler that only notes that it was called."""

    def note(app: App, message: str) -> int:
        found.add(fired_by(trigger))
        return 0

    def tick(app: App) -> None:
        note(app, "")

    if isinstance(trigger, Queue):
        return replace(trigger, handler=note)
    return replace(trigger, handler=tick) if isinstance(trigger, Timer) else trigger


@pytest.mark.azure
def test_azure_indexes_the_table_of_triggers(azure: Azure) -> None:
    indexed = {f["name"]: azure_lists(f["bindings"]) for f in azure.runtime.functions}
    assert indexed == {trigger.name: fired_by(trigger) for trigger in TRIGGERS}


@pytest.mark.azure
def test_azure_lists_what_the_local_host_runs(azure: Azure, tmp_path: Path) -> None:
    listed = [azure_lists(f["bindings"]) for f in azure.runtime.functions]
    assert len(listed) == len(TRIGGERS)
    assert set(listed) == host_runs(TRIGGERS, tmp_path)


def test_serve_hands_the_table_of_triggers_to_the_local_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Any] = []
    monkeypatch.setattr(host, "run", lambda triggers, *rest, **named: handed.append(triggers))
    monkeypatch.setenv("GRADESYS_WORK", str(tmp_path / "work.sqlite"))
    done = CliRunner().invoke(gradesys, ["serve"])
    assert (done.exit_code, handed) == (0, [TRIGGERS]), done.output


@pytest.mark.azure
def test_the_pins_that_azure_installs_are_those_that_were_judged(azure: Azure) -> None:
    pins = dict(re.findall(r"^([\w-]+)==([\d.]+)", _pins(), re.MULTILINE))
    assert azure.runtime.versions == {name: pins[name] for name in azure.runtime.versions}


def _pins() -> str:
    """The pins that hold on Python 3.13."""
    return (ROOT / "requirements-azure.txt").read_text("utf-8")
