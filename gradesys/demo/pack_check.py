"""``gradesys demo --pack NAME --check``: the pack deployed, scored, moved by an event, and right.

That every stored score is right afterwards is judged by a resync that finds nothing to write; where
grades go by rank, the first resync makes new cut points and the second must find nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gradesys.demo.check import quiet, resync_twice
from gradesys.demo.events import EVENTS
from gradesys.demo.expecting import expect, until
from gradesys.demo.stage import Stage
from gradesys.demo.user import LABEL, User
from gradesys.rules.compile import compile_model
from gradesys.rules.model import RuleModel

EDITS = 6
LISTED = 10


def check_pack(stage: Stage, model: RuleModel) -> None:
    """Run everything and say what happened. Raises GradesysError at the first wrong thing."""
    user = User(stage.url)
    resync_twice(stage)
    show_records(stage, model)
    with stage.service("--no-timers"):
        edits, wait = edit_until_moved(user, model)
        stage.say(f"{edits} edits of a user: a score had moved after {wait:.0f} ms")
        quiet(stage, user)
    after = stage.resync()["written"]
    if compile_model(model, None).ranked:
        stage.say(f"resync after the events: {after} written by new cut points")
        after = stage.resync()["written"]
    expect(after == 0, f"a resync after the events still finds {after} differences")
    stage.say("resync after the events: 0 written, every stored score equals a fresh computation")


def show_records(stage: Stage, model: RuleModel) -> None:
    """Print the records with the highest scores, with their grades."""
    user = User(stage.url)
    score, grade = str(model.output.score), str(model.output.grade)
    name = user.table(model.table)["PrimaryNameAttribute"]
    rows = scored_records(user, model, f"{name},{score},{grade}")
    stage.say(f"{model.title.en} · {model.title.fa}: {len(rows)} records of {model.table} scored")
    expect(bool(rows), f"no record of {model.table} has a score")
    best = sorted(rows, key=lambda row: row[score], reverse=True)
    for row in best[:LISTED]:
        shown = f"{row[score]:,.{model.score.decimals}f}"
        stage.say(f"    {shown:>16}  {row.get(f'{grade}@{LABEL}')}  {row[name]}")


def edit_until_moved(user: User, model: RuleModel) -> tuple[int, float]:
    """Some edits of one kind, until a score has moved: how many, and after how many ms."""
    event = EVENTS[model.id]
    before, now = _scores(user, model), datetime.now(UTC)
    rows = user.rows(event.query)[:EDITS]
    expect(bool(rows), f"there is no row for the event of {model.id}: {event.query}")
    started = time.perf_counter()
    for row in rows:
        user.ask("PATCH", f"{event.entity_set}({row[event.id]})", event.change(now))
    until(lambda: _scores(user, model), lambda scores: scores != before, "moved score")
    return len(rows), (time.perf_counter() - started) * 1000


def _scores(user: User, model: RuleModel) -> Mapping[str, Any]:
    id_column, score = user.table(model.table)["PrimaryIdAttribute"], str(model.output.score)
    return {
        row[id_column]: row[score] for row in scored_records(user, model, f"{id_column},{score}")
    }


def scored_records(user: User, model: RuleModel, columns: str) -> list[dict[str, Any]]:
    """These columns of every record that has a score of the model."""
    entity_set = user.table(model.table)["EntitySetName"]
    return user.rows(f"{entity_set}?$select={columns}&$filter={model.output.score} ne null")
