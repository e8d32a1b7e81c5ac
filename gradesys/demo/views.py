"""What the demo's page shows of each model: its titles, columns, grades, form and related rows.

The page knows no rules; it gets this as JSON and asks the Web API's metadata for the rest (names of
entity sets, kinds and labels of columns, options).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradesys.demo.user import User
from gradesys.deploy.names import MODELS, SCRIPT
from gradesys.deploy.surface.controls import CONTROL
from gradesys.records import ACTIVITY
from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.dependencies import readings
from gradesys.rules.model import RuleModel, Title
from gradesys.rules.order import needs
from gradesys.rules.paths import Leg

ACTIVITIES = ("appointment", "phonecall", "email")
"""The activities that the sample has; their common table takes no changes itself."""
STATE = "statecode"
PROPERTIES = {
    "score": "score",
    "grade": "grade",
    "reasons": "reasons",
    "explanation": "explanation",
    "trend": "trend",
    "status": "status",
    "scoredOn": "scored_on",
}
"""What the card is bound to: the output role of each of its properties."""

Json = dict[str, Any]
Hops = tuple[tuple[str, str], ...]


def show(user: User, models: Sequence[RuleModel]) -> None:
    """Hand the views to the page."""
    user.control("POST", "views", views(models))


def views(models: Sequence[RuleModel]) -> list[Json]:
    """One a model, in this order."""
    compiled = [compile_model(model, None) for model in models]
    reads = needs(compiled, None)
    by_id = {model.model.id: model for model in compiled}
    return [
        _view(model, [by_id[name] for name in sorted(reads[model.model.id])]) for model in compiled
    ]


def _view(model: CompiledModel, sources: Sequence[CompiledModel]) -> Json:
    """A model shows the related rows of those that it reads on the same table, too."""
    rules = model.model
    together = [model, *(each for each in sources if each.model.table == rules.table)]
    return {
        "id": rules.id,
        "title": _title(rules.title, rules.id),
        "table": rules.table,
        "output": rules.output.columns,
        "grades": {str(band.grade): _grade(band) for band in rules.grades.bands}
        if rules.grades
        else {},
        "columns": _entered(together, _columns(model, rules.table, "")),
        "related": [_related(together, hops) for hops in _ways(together)],
        "form": _form(rules.output.columns),
    }


def _grade(band: Any) -> Json:
    return {"title": _title(band.title, str(band.grade)), "color": band.color}


def _form(output: Mapping[str, str]) -> Json:
    """What an administrator adds to the form by hand: the script, and the card over its columns."""
    bound = {name: output[role] for name, role in PROPERTIES.items() if role in output}
    made: Json = {"libraries": [MODELS, SCRIPT], "onload": "GradeSys.onFormLoad"}
    return made | ({"control": {"name": CONTROL, "bound": bound}} if "score" in bound else {})


def _ways(models: Sequence[CompiledModel]) -> list[Hops]:
    """The ways down from a record to rows that belong to it, each once."""
    aggregates = [
        indicator.source.aggregate
        for model in models
        for indicator in model.indicators.values()
        if indicator.source.aggregate is not None
    ]
    paths = [path for aggregate in aggregates for path in aggregate.reach.paths]
    found = [hops for path in paths if _downward(path) for hops in _concrete(path)]
    return list(dict.fromkeys(found))


def _downward(path: Sequence[Leg]) -> bool:
    return all(leg.kind == "child" for leg in path)


def _concrete(path: Sequence[Leg]) -> Iterator[Hops]:
    hops = tuple((leg.there.table, leg.lookup) for leg in path)
    *before, (table, lookup) = hops
    for name in ACTIVITIES if table == ACTIVITY else (table,):
        yield (*before, (name, lookup))


def _related(models: Sequence[CompiledModel], hops: Hops) -> Json:
    table, lookup = hops[-1]
    own = [column for model in models for column in _columns(model, table, lookup)]
    common = [column for model in models for column in _columns(model, ACTIVITY, lookup)]
    columns = [*own, *(common if table in ACTIVITIES else ())]
    return {"table": table, "path": [list(hop) for hop in hops], "columns": _once(columns)}


def _columns(model: CompiledModel, table: str, without: str) -> list[str]:
    """What the model reads of a table, beginning with the state; of a dotted column its lookup."""
    names = {each.column.partition(".")[0] for each in readings(model) if each.table == table} - {
        without,
        f"{table}id",
        "activityid",
    }
    return sorted(names, key=lambda name: (name != STATE, name))


def _entered(models: Sequence[CompiledModel], columns: Sequence[str]) -> list[str]:
    """Without what other models write: nobody types a score."""
    written = {column for model in models for column in model.model.output.columns.values()}
    return [column for column in columns if column not in written]


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _title(title: Title | None, otherwise: str) -> Json:
    title = title or Title()
    english = title.en or title.fa or otherwise
    return {"en": english, "fa": title.fa or english}
