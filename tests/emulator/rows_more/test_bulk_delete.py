"""BulkDelete: a job deletes the rows of a query one by one, and each is told to steps."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks

CRM = "Microsoft.Dynamics.CRM."


def condition(column: str, operator: str, *values: Any) -> dict[str, Any]:
    return {"AttributeName": column, "Operator": operator, "Values": [
        {"Value": value, "Type": "System.Guid"} for value in values]}  # fmt: skip


def query(table: str, *conditions: dict[str, Any], operator: str = "And") -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}QueryExpression",
        "EntityName": table,
        "ColumnSet": {"AllColumns": False, "Columns": []},
        "Criteria": {"FilterOperator": operator, "Conditions": list(conditions)},
    }


def delete(server: OrgServer, *queries: dict[str, Any]) -> str:
    """The id of the job."""
    body = {"JobName": "old ones", "RecurrencePattern": "", "QuerySet": list(queries)}
    response = server.send("POST", "BulkDelete", body)
    assert response.status_code == 200, response.text
    job: str = response.json()["JobId"]
    return job


def test_a_job_deletes_the_chosen_rows_and_tells_steps(hooks: Hooks) -> None:
    server = hooks.server
    hooks.step("Delete", "account")
    a, b, c = (server.create("accounts", name=name) for name in "abc")
    job = delete(server, query("account", condition("accountid", "In", a, b)))
    hooks.settle()
    assert sorted(found.target["Id"] for found in hooks.receiver.deliveries) == sorted([a, b])
    assert server.names("accounts?$select=name") == ["c"]
    row = server.get(f"asyncoperations({job})?$select=name,statecode,statuscode,message")
    told = [row[name] for name in ("name", "statecode", "statuscode", "message")]
    assert told == ["old ones", 3, 30, "2 deleted, 0 failed."]
    server.send("DELETE", f"accounts({c})")


@pytest.mark.parametrize(
    ("conditions", "operator", "left"),
    [
        ([condition("name", "Equal", "a")], "And", "bcd"),
        (
            [condition("name", "NotEqual", "a"), condition("revenue", "GreaterThan", 2)],
            "And",
            "abd",
        ),
        ([condition("name", "BeginsWith", "A"), condition("revenue", "Null")], "Or", "bc"),
        ([condition("revenue", "Between", 2, 3)], "And", "ad"),
        ([], "And", ""),
    ],
    ids=str,
)
def test_conditions_choose_rows(
    server: OrgServer, conditions: list[dict[str, Any]], operator: str, left: str
) -> None:
    amounts = {"a": 1, "b": 2, "c": 3, "d": None}
    for name, revenue in amounts.items():
        server.create("accounts", name=name, revenue=revenue)
    delete(server, query("account", *conditions, operator=operator))
    assert sorted(server.names("accounts?$select=name")) == list(left)
    delete(server, query("account"))


def test_a_row_that_cannot_be_deleted_stays_and_is_counted(
    start_server: Callable[..., OrgServer],
) -> None:
    server = start_server(strict_closed=True)
    for name, state in (("open", 0), ("paid", 2)):
        server.create("invoices", name=name, statecode=state)
    job = delete(server, query("invoice"))
    assert server.get(f"asyncoperations({job})")["message"] == "1 deleted, 1 failed."
    assert server.names("invoices?$select=name") == ["paid"]


@pytest.mark.parametrize(
    "given",
    [
        1,
        {},
        {"EntityName": "nobody"},
        {"EntityName": "account", "Criteria": 1},
        {"EntityName": "account", "Criteria": {"Conditions": [1]}},
        query("account", condition("name", "Resembles", "x")),
        query("account", condition("nobody", "Equal", "x")),
    ],
    ids=str,
)
def test_a_query_that_makes_no_sense_is_refused(server: OrgServer, given: Any) -> None:
    assert server.send("POST", "BulkDelete", {"QuerySet": [given]}).status_code == 400
