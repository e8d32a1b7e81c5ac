"""What a model's view and chart show: which records changed this week, and why.

A model that keeps its history shows the changes themselves; any other shows its records as they
are, as far as it notes when it scored them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from gradesys.deploy.names import HISTORY_TABLE
from gradesys.deploy.reading import Found
from gradesys.deploy.surface.faces import Face
from gradesys.deploy.texts import Text

_SHOWN_ROLES = ("grade", "score", "trend", "reasons", "scored_on")
_HISTORY_COLUMNS = ("gs_grade", "gs_previousgrade", "gs_score", "gs_previousscore", "gs_reasons",
                    "gs_cause", "gs_changedon")  # fmt: skip


class Exhibit(Struct, frozen=True):
    """Rows of ``table`` whose ``date`` is of the last week; ``only`` are further conditions.

    ``columns`` begin with the primary name; the chart counts rows by ``category``. ``code`` is the
    table's number, None where apply will make it.
    """

    model: str
    title: Text
    table: str
    id_column: str
    columns: tuple[str, ...]
    date: str
    category: str
    code: int | None
    only: Mapping[str, str]


def exhibits(faces: tuple[Face, ...], tables: Mapping[str, Found]) -> Iterator[Exhibit]:
    """Those of every model that has something to show."""
    for face in faces:
        if face.history:
            yield _of_history(face, tables.get(HISTORY_TABLE))
        elif "scored_on" in face.columns and face.table in tables:
            yield _of_records(face, tables[face.table])


def _title(face: Face) -> Text:
    return Text(
        f"{face.title.en}: changed in the last 7 days", f"{face.title.fa}: تغییرات ۷ روز گذشته"
    )


def _of_history(face: Face, stored: Found | None) -> Exhibit:
    return Exhibit(
        model=face.id,
        title=_title(face),
        table=HISTORY_TABLE,
        id_column=f"{HISTORY_TABLE}id",
        columns=("gs_name", *_HISTORY_COLUMNS),
        date="gs_changedon",
        category="gs_grade",
        code=None if stored is None else int(stored["ObjectTypeCode"]),
        only={"gs_model": face.id},
    )


def _of_records(face: Face, stored: Found) -> Exhibit:
    columns = [face.columns[role] for role in _SHOWN_ROLES if role in face.columns]
    return Exhibit(
        model=face.id,
        title=_title(face),
        table=face.table,
        id_column=stored["PrimaryIdAttribute"],
        columns=tuple(dict.fromkeys((stored["PrimaryNameAttribute"], *columns))),
        date=face.columns["scored_on"],
        category=face.columns.get("grade") or face.columns["scored_on"],
        code=int(stored["ObjectTypeCode"]),
        only={},
    )
