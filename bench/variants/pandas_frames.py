"""The card in pandas' columns, for both variants that use it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.expected import GRADES, INDUSTRIES, TODAY
from bench.variants.outcome import LINES, WINDOW, Outcome

COLUMNS = {
    "account": [
        *("accountid", "revenue", "numberofemployees", "industrycode"),
        *("creditonhold", "gs_score", "gs_grade"),
    ],
    "invoice": ["_customerid_value", "totalamount_base", "createdon", "statecode"],
    "opportunity": ["_customerid_value", "estimatedvalue_base", "statecode"],
}


def frame(rows: list[dict[str, object]], table: str) -> pd.DataFrame:
    """A frame of the columns that the rules read."""
    return pd.DataFrame.from_records(rows, columns=COLUMNS[table])


def folded(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """The rows that count, folded by account: the sum, and for invoices the last instant."""
    if table == "opportunity":
        groups = rows[rows["statecode"] == 0].groupby("_customerid_value", sort=False)
        return groups.agg(pipeline=("estimatedvalue_base", "sum"))
    first, before = WINDOW
    created = rows["createdon"]
    counting = rows[(rows["statecode"] == 2) & (created >= first) & (created < before)]
    instants = pd.to_datetime(counting["createdon"], format="ISO8601", utc=True)
    groups = counting.assign(last=instants).groupby("_customerid_value", sort=False)
    return groups.agg(paid=("totalamount_base", "sum"), last=("last", "max"))


def graded(accounts: pd.DataFrame, paid: pd.DataFrame, pipeline: pd.DataFrame) -> Outcome:
    """Scores, grades and changes of all accounts."""
    rows = accounts.set_index("accountid").join(paid).join(pipeline)
    exact = (
        0.3 * _line(rows["paid"], "paid")
        + 0.2 * _recency(rows["last"])
        + 0.2 * _line(rows["pipeline"], "pipeline")
        + 0.1 * _steps(rows["revenue"], [100_000, 500_000, 1_000_000, 5_000_000], _REVENUE)
        + 0.1 * _line(rows["numberofemployees"], "employees")
        + 0.05 * _industry(rows["industrycode"])
        + 0.05 * np.where(rows["creditonhold"], 0, 100)
    )
    hundredths = np.floor(np.round(exact.to_numpy() * 100, 6) + 0.5).astype("int64")
    limits = [least * 100 for _, least in reversed(GRADES)]
    names = np.array(["D", *(grade for grade, _ in reversed(GRADES))])
    grades = names[np.searchsorted(limits, hundredths, side="right")]
    stored = np.round(rows["gs_score"].to_numpy(dtype="float64", na_value=np.nan) * 100)
    changed = (stored != hundredths) | (rows["gs_grade"].fillna("").to_numpy() != grades)
    told, counts = np.unique(grades, return_counts=True)
    histogram = dict(zip(told.tolist(), counts.tolist(), strict=True))
    return Outcome(int(hundredths.sum()), histogram, int(changed.sum()))


_REVENUE = [0, 30, 60, 80, 100]


def _line(values: pd.Series, name: str) -> pd.Series:
    full = LINES[name]
    return values.astype("float64").fillna(0).clip(0, full) * (100 / full)


def _recency(last: pd.Series) -> np.ndarray:
    days = (pd.Timestamp(TODAY, tz="UTC") - last.dt.normalize()).dt.days
    return _steps(days, [30, 90, 180], [100, 70, 40, 10])


def _steps(values: pd.Series, limits: list[int], points: list[int]) -> np.ndarray:
    plain = values.to_numpy(dtype="float64", na_value=np.nan)
    found = np.array(points)[np.searchsorted(limits, plain, side="right")]
    return np.where(np.isnan(plain), 0, found)


def _industry(codes: pd.Series) -> pd.Series:
    return codes.map(INDUSTRIES).where(codes.isna() | codes.isin(INDUSTRIES), 20).fillna(0)
