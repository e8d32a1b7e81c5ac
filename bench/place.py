"""The benchmark's organisation where processes are measured: the rows of bench/data.py in an
emulator, with the rules of bench/resync.yaml deployed, on free ports of 127.0.0.1.

The clock of scores stands where the rows want it, so every run gives the same scores.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bench.data import TABLES, Pages
from bench.expected import NOW
from emulator.rows.schema import open_database
from emulator.rows.values import decimal_to_sql
from gradesys.demo.stage import Stage, emulated

RULES = Path(__file__).with_name("resync.yaml")
LEFT_OUT = frozenset({"@odata.etag", "_transactioncurrencyid_value", "gs_score", "gs_grade"})
"""Nothing is scored yet."""


@contextmanager
def organisation(folder: Path, pages: Pages) -> Iterator[Stage]:
    """Everything deployed and loaded; nothing scored, and no service yet."""
    rules = folder / "rules"
    rules.mkdir(parents=True)
    shutil.copy(RULES, rules)
    with emulated(folder, lambda line: None, "--port", "0") as stage:
        env = {**stage.env, "GRADESYS_RULES": str(rules), "GRADESYS_NOW": NOW}
        stage = replace(stage, env=env)
        stage.deploy()
        _load(folder / "org.db", pages)
        yield stage


def _load(database: Path, pages: Pages) -> None:
    """Store the rows past the Web API, which would take its time."""
    with closing(open_database(str(database))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            for page in pages.of(table):
                rows = [_cells(row) for row in json.loads(page, parse_float=Decimal)["value"]]
                names = ", ".join(f'"{name}"' for name in rows[0])
                marks = ", ".join(f":{place}" for place in range(1, len(rows[0]) + 1))
                statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
                connection.executemany(statement, (tuple(row.values()) for row in rows))
        connection.execute("COMMIT")


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the Web API as the emulator stores it."""
    cells: dict[str, Any] = {"versionnumber": 1}
    for name, value in row.items():
        if name == "_customerid_value":
            cells |= {"customerid": value, "customerid@type": "account"}
        elif name not in LEFT_OUT:
            cells[name] = decimal_to_sql(value) if isinstance(value, Decimal) else value
    return cells
