"""The gs_scorehistory table: one row a change of a score or grade, for views, charts and Power BI.

Scores of several models meet here, so grades are texts and scores are decimals up to 10^11.
"""

from __future__ import annotations

from decimal import Decimal

from gradesys.deploy.names import HISTORY_TABLE as TABLE
from gradesys.deploy.options import options_of
from gradesys.deploy.owntables import (
    TableSpec,
    instant_column,
    memo_column,
    own_column,
    text_column,
)
from gradesys.deploy.specs import ColumnSpec
from gradesys.deploy.texts import Text
from gradesys.records import Column, Kind

_LIMIT, _PLACES = Decimal(10**11), 10
CAUSES = options_of(
    ("event", "رویداد"),
    ("clock", "گذشت زمان"),
    ("rules", "تغییر قواعد"),
    ("manual", "دستی"),
    ("repair", "ترمیم"),
)


def _score(name: str, title: Text) -> ColumnSpec:
    column = Column(name, Kind.DECIMAL, places=_PLACES, minimum=-_LIMIT, maximum=_LIMIT)
    return own_column(TABLE, column, title)


HISTORY = TableSpec(
    name=TABLE,
    title=Text("Score change", "تغییر امتیاز"),
    titles=Text("Score changes", "تغییرات امتیاز"),
    description=Text(
        "What scores and grades were, when they changed and why.",
        "امتیازها و درجه‌های پیشین، زمان تغییر و علت آن.",
    ),
    primary=text_column(TABLE, "gs_name", 200, Text("Name", "نام")),
    columns=(
        text_column(TABLE, "gs_table", 128, Text("Table", "جدول")),
        text_column(TABLE, "gs_recordid", 36, Text("Record", "رکورد")),
        text_column(TABLE, "gs_model", 100, Text("Model", "مدل")),
        text_column(TABLE, "gs_modelversion", 100, Text("Rule version", "نسخهٔ قواعد")),
        _score("gs_score", Text("Score", "امتیاز")),
        _score("gs_previousscore", Text("Previous score", "امتیاز پیشین")),
        text_column(TABLE, "gs_grade", 100, Text("Grade", "درجه")),
        text_column(TABLE, "gs_previousgrade", 100, Text("Previous grade", "درجهٔ پیشین")),
        text_column(TABLE, "gs_reasons", 2000, Text("Reasons", "دلایل")),
        memo_column(TABLE, "gs_explanation", Text("Explanation", "شرح امتیاز")),
        own_column(TABLE, Column("gs_cause", Kind.CHOICE), Text("Why", "علت"), CAUSES),
        instant_column(TABLE, "gs_changedon", Text("Changed on", "زمان تغییر")),
    ),
)
