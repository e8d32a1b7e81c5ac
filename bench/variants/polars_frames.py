"""The card in polars' expressions, for both variants that use it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from bench.expected import GRADES, INDUSTRIES, TODAY
from bench.variants.outcome import LINES, WINDOW, Outcome

KEY = "_customerid_value"
SCHEMAS = {
    "account": {
        "accountid": pl.String,
        "revenue": pl.Float64,
        "numberofemployees": pl.Int64,
        "industrycode": pl.Int64,
        "creditonhold": pl.Boolean,
        "gs_score": pl.Float64,
        "gs_grade": pl.String,
    },
    "invoice": {
        KEY: pl.String,
        "totalamount_base": pl.Float64,
        "createdon": pl.String,
        "statecode": pl.Int64,
    },
    "opportunity": {KEY: pl.String, "estimatedvalue_base": pl.Float64, "statecode": pl.Int64},
}


def frame(page: bytes, table: str) -> pl.DataFrame:
    """A frame of the columns that the rules read; polars parses the array of rows itself."""
    rows = memoryview(page)[page.index(b'"value":') + 8 : page.rindex(b"]") + 1]
    return pl.read_json(bytes(rows), schema=SCHEMAS[table])


def folded(rows: pl.LazyFrame, table: str) -> pl.LazyFrame:
    """The rows that count, folded by account: the sum, and for invoices the last instant."""
    if table == "opportunity":
        counting = rows.filter(pl.col("statecode") == 0)
        return counting.group_by(KEY).agg(pipeline=pl.col("estimatedvalue_base").sum())
    first, before = WINDOW
    created = pl.col("createdon")
    counting = rows.filter((pl.col("statecode") == 2) & (created >= first) & (created < before))
    amount = pl.col("totalamount_base").sum()
    return counting.group_by(KEY).agg(paid=amount, last=created.max())


def graded(accounts: pl.LazyFrame, paid: pl.LazyFrame, pipeline: pl.LazyFrame) -> Outcome:
    """Scores, grades and changes of all accounts."""
    rows = accounts.join(paid, left_on="accountid", right_on=KEY, how="left")
    rows = rows.join(pipeline, left_on="accountid", right_on=KEY, how="left")
    hundredths = ((_exact() * 100).round(6) + 0.5).floor().cast(pl.Int64)
    scored = rows.with_columns(hundredths=hundredths).with_columns(grade=_grade())
    same = (pl.col("gs_score") * 100).round().eq_missing(pl.col("hundredths").cast(pl.Float64))
    differs = ~(same & pl.col("gs_grade").eq_missing(pl.col("grade")))
    told = scored.group_by("grade").agg(
        pl.col("hundredths").sum(), pl.len().alias("rows"), differs.sum().alias("changed")
    )
    found = told.collect().sort("grade")
    histogram = dict(zip(found["grade"].to_list(), found["rows"].to_list(), strict=True))
    return Outcome(int(found["hundredths"].sum()), histogram, int(found["changed"].sum()))


def _exact() -> pl.Expr:
    return (
        0.3 * _line("paid", "paid")
        + 0.2 * _recency()
        + 0.2 * _line("pipeline", "pipeline")
        + 0.1 * _revenue()
        + 0.1 * _line("numberofemployees", "employees")
        + 0.05 * _industry()
        + 0.05 * pl.when("creditonhold").then(0).otherwise(100)
    )


def _line(column: str, name: str) -> pl.Expr:
    full = LINES[name]
    return pl.col(column).fill_null(0).clip(0, full) * (100 / full)


def _recency() -> pl.Expr:
    points = pl.when(pl.col("last").is_null()).then(0)
    for days, worth in ((30, 100), (90, 70), (180, 40)):
        after = (TODAY - timedelta(days=days - 1)).isoformat()
        points = points.when(pl.col("last") >= after).then(worth)
    return points.otherwise(10)


def _revenue() -> pl.Expr:
    revenue = pl.col("revenue")
    points = pl.when(revenue >= 5_000_000).then(100).when(revenue >= 1_000_000).then(80)
    return points.when(revenue >= 500_000).then(60).when(revenue >= 100_000).then(30).otherwise(0)


def _industry() -> pl.Expr:
    found = pl.col("industrycode").replace_strict(INDUSTRIES, default=20)
    return pl.when(pl.col("industrycode").is_null()).then(0).otherwise(found)


def _grade() -> pl.Expr:
    (best, least), *others = GRADES
    grade = pl.when(pl.col("hundredths") >= least * 100).then(pl.lit(best))
    for name, bound in others:
        grade = grade.when(pl.col("hundredths") >= bound * 100).then(pl.lit(name))
    return grade.otherwise(pl.lit("D"))
