"""What every stored score should be, by the oracle, from the rows as the org has them now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from tests.line.running import ROOT, Json, Line
from tests.oracle.cases import extended
from tests.oracle.evaluate import Oracle
from tests.oracle.loading import load_file
from tests.oracle.world import World

CONFIG = ROOT / "config"
TYPE = "@Microsoft.Dynamics.CRM.lookuplogicalname"
READS: Mapping[str, str] = {
    "account": "accounts?$select=accountid,statecode,gs_score,gs_grade,gs_reasons",
    "invoice": "invoices?$select=_customerid_value,statecode,totalamount_base",
    "opportunity": "opportunities?$select=_customerid_value,statecode,estimatedvalue_base",
    "salesorder": "salesorders?$select=_customerid_value,statecode,totalamount_base,"
    "requestdeliveryby,gs_score,gs_grade",
}
MODELS = {"account": "customer_grade", "salesorder": "order_priority"}


def wrong_records(line: Line, as_of: datetime | None = None) -> list[str]:
    """A line for each record whose stored score or grade is not the oracle's."""
    moment = as_of or datetime.now(UTC)
    tables = {table: [_case_row(row) for row in line.rows(read)] for table, read in READS.items()}
    world = World(tables)
    wrong = []
    for table, name in MODELS.items():
        judge, options = Oracle(_model(name), world, moment), _options(line, table)
        for row in tables[table]:
            wrong += _compare(judge, row[f"{table}id"], row, options)
    return wrong


def _compare(judge: Oracle, record: str, row: Json, options: Mapping[int, str]) -> list[str]:
    """Compare inside the population; outside it, what is stored stays (leave: keep)."""
    due = judge.evaluate(record)
    if not due.in_population:
        return []
    stored = (row["gs_score"], options.get(row["gs_grade"]))
    wanted = (None if due.score is None else float(due.score), due.grade)
    return [] if stored == wanted else [f"{record}: stored {stored}, should be {wanted}"]


@cache
def _model(name: str) -> Any:
    return extended(load_file(CONFIG / "rules" / f"{name}.yaml"), CONFIG / "packs")


def _case_row(row: Json) -> Json:
    """A Web API row in the shape of a case file: lookups as id and type."""
    case = {name: value for name, value in row.items() if "@" not in name and name[0] != "_"}
    for name, value in row.items():
        if name.startswith("_") and name.endswith("_value"):
            case[name[1:-6]] = value
            case[f"{name[1:-6]}@type"] = row.get(f"{name}{TYPE}")
    return case


def _options(line: Line, table: str) -> dict[int, str]:
    """Grade by option value, as deployed."""
    path = (
        f"EntityDefinitions(LogicalName='{table}')/Attributes(LogicalName='gs_grade')/"
        "Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet"
    )
    options = line.api("GET", path).json()["OptionSet"]["Options"]
    return {o["Value"]: o["Label"]["UserLocalizedLabel"]["Label"] for o in options}
