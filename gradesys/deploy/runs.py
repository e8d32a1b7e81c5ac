"""The gs_run table: one row a run, so that the button's script can follow its progress."""

from __future__ import annotations

from gradesys.deploy.names import RUN_TABLE as TABLE
from gradesys.deploy.options import options_of
from gradesys.deploy.owntables import (
    TableSpec,
    count_column,
    instant_column,
    memo_column,
    own_column,
    text_column,
)
from gradesys.deploy.texts import Text
from gradesys.records import Column, Kind

STATES = options_of(
    ("queued", "در صف"), ("running", "در حال اجرا"), ("done", "انجام‌شده"), ("failed", "ناموفق")
)

RUNS = TableSpec(
    name=TABLE,
    title=Text("Scoring run", "اجرای امتیازدهی"),
    titles=Text("Scoring runs", "اجراهای امتیازدهی"),
    description=Text("Runs of gradesys and their progress.", "اجراهای gradesys و پیشرفت آن‌ها."),
    primary=text_column(TABLE, "gs_name", 200, Text("Name", "نام")),
    columns=(
        text_column(TABLE, "gs_table", 128, Text("Table", "جدول")),
        own_column(TABLE, Column("gs_state", Kind.CHOICE), Text("State", "وضعیت"), STATES),
        count_column(TABLE, "gs_total", Text("Total", "کل")),
        count_column(TABLE, "gs_done", Text("Done", "انجام‌شده")),
        count_column(TABLE, "gs_written", Text("Written", "نوشته‌شده")),
        count_column(TABLE, "gs_failed", Text("Failed", "ناموفق")),
        memo_column(TABLE, "gs_message", Text("Message", "پیام")),
        instant_column(TABLE, "gs_startedon", Text("Started on", "زمان شروع")),
        instant_column(TABLE, "gs_finishedon", Text("Finished on", "زمان پایان")),
    ),
)
