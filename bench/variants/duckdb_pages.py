"""DuckDB: the rows of each page are spooled to files, which it reads best, and queried once."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from bench.data import TABLES, Pages
from bench.expected import GRADES, INDUSTRIES, TODAY
from bench.variants.outcome import LINES, WINDOW, Outcome

COLUMNS = {
    "account": "{accountid: 'VARCHAR', revenue: 'DOUBLE', numberofemployees: 'BIGINT',"
    " industrycode: 'BIGINT', creditonhold: 'BOOLEAN', gs_score: 'DOUBLE', gs_grade: 'VARCHAR'}",
    "invoice": "{_customerid_value: 'VARCHAR', totalamount_base: 'DOUBLE',"
    " createdon: 'VARCHAR', statecode: 'BIGINT'}",
    "opportunity": "{_customerid_value: 'VARCHAR', estimatedvalue_base: 'DOUBLE',"
    " statecode: 'BIGINT'}",
}


def run(pages: Pages) -> Outcome:
    """Spool, then one statement."""
    with tempfile.TemporaryDirectory(prefix="gradesys-bench-") as name:
        folder = Path(name)
        for table in TABLES:
            for number, page in enumerate(pages.of(table)):
                rows = memoryview(page)[page.index(b'"value":') + 8 : page.rindex(b"]") + 1]
                (folder / f"{table}-{number}.json").write_bytes(rows)
        found = duckdb.sql(_statement(folder)).fetchall()
    histogram = {grade: rows for grade, _, rows, _ in found}
    return Outcome(
        int(sum(total for _, total, _, _ in found)),
        histogram,
        int(sum(changed for *_, changed in found)),
    )


def _statement(folder: Path) -> str:
    first, before = WINDOW
    account, invoice, opportunity = (_source(folder, table) for table in TABLES)
    grade = " ".join(f"WHEN hundredths >= {least * 100} THEN '{name}'" for name, least in GRADES)
    return f"""
        WITH paid AS (
            SELECT _customerid_value AS id, sum(totalamount_base) AS paid, max(createdon) AS last
            FROM {invoice}
            WHERE statecode = 2 AND createdon >= '{first}' AND createdon < '{before}'
            GROUP BY id
        ), pipeline AS (
            SELECT _customerid_value AS id, sum(estimatedvalue_base) AS pipeline
            FROM {opportunity} WHERE statecode = 0 GROUP BY id
        ), scored AS (
            SELECT floor(round(({_exact()}) * 100, 6) + 0.5)::BIGINT AS hundredths,
                   round(gs_score * 100)::BIGINT AS stored, gs_grade
            FROM {account} AS a LEFT JOIN paid ON paid.id = a.accountid
            LEFT JOIN pipeline ON pipeline.id = a.accountid
        ), graded AS (SELECT *, CASE {grade} ELSE 'D' END AS grade FROM scored)
        SELECT grade, sum(hundredths), count(*), sum(
            (stored IS DISTINCT FROM hundredths OR gs_grade IS DISTINCT FROM grade)::INT
        ) FROM graded GROUP BY grade ORDER BY grade"""


def _source(folder: Path, table: str) -> str:
    return f"read_json('{folder}/{table}-*.json', format = 'array', columns = {COLUMNS[table]})"


def _exact() -> str:
    industries = " ".join(f"WHEN {code} THEN {points}" for code, points in INDUSTRIES.items())
    days = f"date_diff('day', last[:10]::DATE, DATE '{TODAY}')"
    return f"""
        0.3 * {_line("paid", "paid")} + 0.2 * {_line("pipeline", "pipeline")}
        + 0.1 * {_line("numberofemployees", "employees")}
        + 0.2 * CASE WHEN last IS NULL THEN 0 WHEN {days} < 30 THEN 100 WHEN {days} < 90 THEN 70
                     WHEN {days} < 180 THEN 40 ELSE 10 END
        + 0.1 * CASE WHEN revenue >= 5000000 THEN 100 WHEN revenue >= 1000000 THEN 80
                     WHEN revenue >= 500000 THEN 60 WHEN revenue >= 100000 THEN 30 ELSE 0 END
        + 0.05 * CASE WHEN industrycode IS NULL THEN 0 ELSE
                     CASE industrycode {industries} ELSE 20 END END
        + 0.05 * CASE WHEN creditonhold THEN 0 ELSE 100 END"""


def _line(column: str, name: str) -> str:
    full = LINES[name]
    return f"(least(greatest(coalesce({column}, 0), 0), {full})::DOUBLE * 100 / {full})"
