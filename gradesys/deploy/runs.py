"""The gs_run table: one row a run, so that the button's script can follow its progress.

Owned by the organisation: a row holds a table name and counts, nothing to protect from colleagues,
and whoever may read runs must see those that the service's own user wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gradesys.deploy.names import RUN_TABLE
from gradesys.deploy.options import options_of
from gradesys.deploy.specs import ColumnSpec, OptionSpec, note
from gradesys.deploy.texts import Text
from gradesys.records import Column, Kind

STATES = options_of(
    ("queued", "در صف"), ("running", "در حال اجرا"), ("done", "انجام‌شده"), ("failed", "ناموفق")
)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table of our own with all of its columns; ``primary`` is its primary name."""

    name: str
    title: Text
    titles: Text
    description: Text
    primary: ColumnSpec
    columns: tuple[ColumnSpec, ...]


def _column(column: Column, title: Text, options: tuple[OptionSpec, ...] = ()) -> ColumnSpec:
    return ColumnSpec(
        table=RUN_TABLE,
        column=column,
        title=title,
        description=note(title),
        fits=frozenset({column.kind}),
        options=options,
        audited=False,
    )


def _text(name: str, length: int, title: Text) -> ColumnSpec:
    return _column(Column(name, Kind.TEXT, length=length), title)


def _count(name: str, title: Text) -> ColumnSpec:
    whole = Column(name, Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(2**31 - 1))
    return _column(whole, title)


def _instant(name: str, title: Text) -> ColumnSpec:
    return _column(Column(name, Kind.INSTANT), title)


RUNS = TableSpec(
    name=RUN_TABLE,
    title=Text("Scoring run", "اجرای امتیازدهی"),
    titles=Text("Scoring runs", "اجراهای امتیازدهی"),
    description=Text("Runs of gradesys and their progress.", "اجراهای gradesys و پیشرفت آن‌ها."),
    primary=_text("gs_name", 200, Text("Name", "نام")),
    columns=(
        _text("gs_table", 128, Text("Table", "جدول")),
        _column(Column("gs_state", Kind.CHOICE), Text("State", "وضعیت"), STATES),
        _count("gs_total", Text("Total", "کل")),
        _count("gs_done", Text("Done", "انجام‌شده")),
        _count("gs_written", Text("Written", "نوشته‌شده")),
        _count("gs_failed", Text("Failed", "ناموفق")),
        _column(Column("gs_message", Kind.MEMO, length=4000), Text("Message", "پیام")),
        _instant("gs_startedon", Text("Started on", "زمان شروع")),
        _instant("gs_finishedon", Text("Finished on", "زمان پایان")),
    ),
)
