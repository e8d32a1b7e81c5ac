"""Metadata of an account with an output column of every kind, for tests of what is written."""

from __future__ import annotations

from decimal import Decimal

from gradesys.records import Column, Kind, Option, Table

GRADES = (
    Option(11, {1033: "Excellent", 1065: "ممتاز"}),
    Option(12, {1033: "B", 1065: "ب"}),
    Option(13, {1033: "Never bought"}),
    Option(3, {1033: "third"}),
)
TREND = (Option(1, {1033: "Up"}), Option(2, {1033: "Steady"}), Option(3, {1033: "Down"}))

_COLUMNS = (
    Column("accountid", Kind.ID),
    Column("statecode", Kind.CHOICE),
    Column("x", Kind.DECIMAL, places=4),
    Column("m", Kind.CHOICE, options=GRADES),
    Column("gs_score", Kind.DECIMAL, places=1, minimum=Decimal(-100), maximum=Decimal(100)),
    Column("gs_whole", Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(1000)),
    Column("gs_double", Kind.DOUBLE, places=5),
    Column("gs_grade", Kind.TEXT, length=20),
    Column("gs_choice", Kind.CHOICE, options=GRADES),
    Column("gs_reasons", Kind.TEXT, length=20),
    Column("gs_explanation", Kind.MEMO, length=2000),
    Column("gs_scoredon", Kind.INSTANT),
    Column("gs_scoredday", Kind.DATE),
    Column("gs_belowsince", Kind.DATE),
    Column("gs_since", Kind.DATE),
    Column("gs_state", Kind.TEXT, length=1000),
    Column("gs_version", Kind.TEXT, length=12),
    Column("gs_trend", Kind.CHOICE, options=TREND),
    Column("gs_before", Kind.DECIMAL, places=2),
    Column("gs_gradebefore", Kind.TEXT, length=20),
    Column("gs_status", Kind.TEXT, length=20),
    Column("gs_lock", Kind.BOOLEAN),
    Column("gs_local", Kind.LOCAL),
)
SCHEMA = {
    "account": Table(
        "account", "accounts", "accountid", {column.name: column for column in _COLUMNS}
    )
}
