"""The view and the chart of each model as rows; our description tells them from a customer's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import Action, remove
from gradesys.deploy.late import type_code
from gradesys.deploy.names import NOTED, derived_id
from gradesys.deploy.reading import Registered
from gradesys.deploy.rowspecs import RowSpec, row_action
from gradesys.deploy.surface.drawing import chart_data, chart_look, layout, query
from gradesys.deploy.surface.exhibits import Exhibit
from gradesys.deploy.surface.labelled import Labels, with_labels
from gradesys.deploy.texts import Languages, translations

VIEWS, CHARTS = "savedqueries", "savedqueryvisualizations"
_PUBLIC = 0
LOSS = "there is no such view or chart; scores need none"
_NO_CODE = -1


def view_actions(
    shown: Iterable[Exhibit], surface: Registered, languages: Languages
) -> Iterator[Action]:
    """Views and charts of every exhibit, and the removal of those of other models."""
    wanted: set[str] = set()
    for exhibit in shown:
        for spec, type_ in (
            (_view(exhibit, languages), "savedquery"),
            (_chart(exhibit, languages), "savedqueryvisualization"),
        ):
            wanted.add(spec.id)
            action = row_action(spec, surface[spec.entity_set].get(spec.id))
            labels = Labels(type_, "description", {"name": exhibit.title})
            yield with_labels(action, spec, labels, languages)
    for entity_set, what in ((VIEWS, "view"), (CHARTS, "chart")):
        for id_, row in surface[entity_set].items():
            if id_ not in wanted:
                yield remove(f"{what} {row['name']}", f"{entity_set}({id_})")


def _view(exhibit: Exhibit, languages: Languages) -> RowSpec:
    code = _NO_CODE if exhibit.code is None else exhibit.code
    fixed = {"returnedtypecode": exhibit.table, "querytype": _PUBLIC}
    return RowSpec(
        entity_set=VIEWS,
        key="savedqueryid",
        id=derived_id("view", exhibit.model, exhibit.table),
        what=f"view of {exhibit.model}",
        values={
            **fixed,
            "name": _name(exhibit, languages),
            "description": f"{NOTED}{exhibit.model}",
            "fetchxml": query(exhibit),
            "layoutxml": layout(exhibit, code),
        },
        fixed=frozenset(fixed),
        late=partial(_late_layout, exhibit) if exhibit.code is None else None,
        loss=LOSS,
        replaced=True,
    )


def _late_layout(exhibit: Exhibit, client: Client) -> dict[str, str]:
    return {"layoutxml": layout(exhibit, type_code(exhibit.table, client))}


def _chart(exhibit: Exhibit, languages: Languages) -> RowSpec:
    return RowSpec(
        entity_set=CHARTS,
        key="savedqueryvisualizationid",
        id=derived_id("chart", exhibit.model, exhibit.table),
        what=f"chart of {exhibit.model}",
        values={
            "primaryentitytypecode": exhibit.table,
            "name": _name(exhibit, languages),
            "description": f"{NOTED}{exhibit.model}",
            "datadescription": chart_data(exhibit),
            "presentationdescription": chart_look(),
        },
        fixed=frozenset({"primaryentitytypecode"}),
        loss=LOSS,
        replaced=True,
    )


def _name(exhibit: Exhibit, languages: Languages) -> str:
    return translations(exhibit.title, languages)[languages.base]
