"""The projects of the demo's org: two custom tables with just the columns that the pack names.

An org has these tables when Project Operations is installed, and then with many more columns. Here
they are custom tables that keep Microsoft's names, so that the same rule file serves both.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from gradesys.demo.customizing import CRM, Body, column, lookup, table
from gradesys.demo.user import User
from gradesys.deploy.texts import Text

PROJECT, TASK = "msdyn_project", "msdyn_projecttask"
TITLES = {
    PROJECT: Text("Projects", "پروژه‌ها"),
    TASK: Text("Project tasks", "کارهای پروژه"),
}
NAME = "msdyn_subject"
"""Both tables' primary name: no table is without one, though the pack names it nowhere."""
COLUMNS = {
    PROJECT: {
        "msdyn_scheduledstart": ("day", Text("Start", "آغاز")),
        "msdyn_finish": ("day", Text("Finish", "پایان")),
    },
    TASK: {
        "msdyn_effort": ("number", Text("Planned effort", "کار برنامه‌ریزی‌شده")),
        "msdyn_effortcompleted": ("number", Text("Completed effort", "کار انجام‌شده")),
        "msdyn_progress": ("number", Text("Progress", "پیشرفت")),
        "msdyn_finish": ("instant", Text("Finish", "پایان")),
    },
}
LOOKUP = "msdyn_project"
PROJECTS, TASKS = 30, 6
SEED = 1405
PROJECT_NAMES = ("استقرار سامانه", "توسعه انبار", "Roll-out", "New site")
TASK_NAMES = ("طراحی", "اجرا", "آموزش", "Design", "Training")

Row = dict[str, Any]


def make(user: User, now: datetime) -> str:
    """Create the tables and their rows through the Web API; what was made, in words."""
    for body in tables():
        user.ask("POST", "EntityDefinitions", body)
    link = lookup(TASK, LOOKUP, PROJECT, Text("Project", "پروژه"))
    user.ask("POST", "RelationshipDefinitions", link)
    dice = Random(SEED)
    rows = [_project(dice, now) for _ in range(PROJECTS)]
    tasks = [_task(dice, now, row) for row in rows for _ in range(TASKS)]
    for name, made in ((PROJECT, rows), (TASK, tasks)):
        targets = [{"@odata.type": f"{CRM}{name}"} | row for row in made]
        user.ask("POST", f"{name}s/{CRM}CreateMultiple", {"Targets": targets})
    return f"custom tables made: {PROJECT} with {len(rows)} rows, {TASK} with {len(tasks)}"


def tables() -> Iterator[Body]:
    """The bodies of both tables; the lookup between them comes with its relationship."""
    for name, columns in COLUMNS.items():
        primary = column("text", NAME, Text("Name", "نام")) | {"IsPrimaryName": True}
        others = [column(kind, each, title) for each, (kind, title) in columns.items()]
        yield table(name, TITLES[name], [primary, *others])


def _project(dice: Random, now: datetime) -> Row:
    return {
        f"{PROJECT}id": str(UUID(int=dice.getrandbits(128), version=4)),
        NAME: dice.choice(PROJECT_NAMES),
        "msdyn_scheduledstart": _day(dice, now, -120, -20),
        "msdyn_finish": _day(dice, now, 10, 120),
    }


def _task(dice: Random, now: datetime, project: Row) -> Row:
    effort = dice.randint(8, 80)
    done = dice.randint(0, effort)
    return {
        NAME: dice.choice(TASK_NAMES),
        "msdyn_effort": effort,
        "msdyn_effortcompleted": done,
        "msdyn_progress": round(done / effort, 2),
        "msdyn_finish": f"{_day(dice, now, -30, 60)}T12:00:00Z",
        f"{LOOKUP}@odata.bind": f"/{PROJECT}s({project[f'{PROJECT}id']})",
    }


def _day(dice: Random, now: datetime, first: int, last: int) -> str:
    return (now + timedelta(days=dice.randint(first, last))).date().isoformat()
