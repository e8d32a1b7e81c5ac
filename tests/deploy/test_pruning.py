"""With --prune what the rules no longer name goes, but never what a row still holds."""

from typing import Any

import pytest

from gradesys.deploy.actions import Action
from gradesys.deploy.apply import apply
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.plan import plan_pruning
from tests.deploy.organisations import deploy, labels, wanted
from tests.deploy.rulefiles import OUTPUT, PAID, rule_model
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

WITHOUT_B = PAID.replace("    - {grade: B, min: 50}\n", "")
A, B, C, UNKNOWN = 921500000, 921500001, 921500002, 921500003


def prune(client: WatchedClient, what: Manifest, with_data: bool = False) -> tuple[Action, ...]:
    actions = plan_pruning(what, client, with_data)
    apply(actions, client, lambda action: None)
    return actions


def columns(org: OrgServer) -> set[str]:
    path = "EntityDefinitions(LogicalName='account')/Attributes?$filter=IsCustomAttribute eq true"
    return set(org.names(path, "LogicalName"))


def scored(org: OrgServer, **values: Any) -> str:
    return org.create("accounts", name="a", **values)


@pytest.mark.deployed
def test_without_it_a_dropped_grade_keeps_its_option(org: OrgServer, client: WatchedClient) -> None:
    deploy(client, wanted(rule_model(WITHOUT_B, OUTPUT)))
    assert set(labels(org, "gs_grade")) == {A, B, C, UNKNOWN}


@pytest.mark.deployed
def test_a_dropped_grade_goes_and_its_number_is_never_given_again(
    org: OrgServer, client: WatchedClient
) -> None:
    prune(client, wanted(rule_model(WITHOUT_B, OUTPUT)))
    assert set(labels(org, "gs_grade")) == {A, C, UNKNOWN}
    new = WITHOUT_B.replace("    - {grade: C}", "    - {grade: D, min: 10}\n    - {grade: C}")
    deploy(client, wanted(rule_model(new, OUTPUT)))
    assert labels(org, "gs_grade")[921500004][1033] == "D"


@pytest.mark.deployed
def test_an_option_that_a_row_holds_stays_and_is_told(
    org: OrgServer, client: WatchedClient
) -> None:
    scored(org, gs_grade=B)
    actions = prune(client, wanted(rule_model(WITHOUT_B, OUTPUT)))
    assert set(labels(org, "gs_grade")) == {A, B, C, UNKNOWN}
    (told,) = [str(action) for action in actions if action.what.startswith("option")]
    assert told == (
        "leave option B (921500001) of account.gs_grade:"
        " rows still hold it: run gradesys resync first"
    )


@pytest.mark.deployed
def test_a_column_that_no_model_writes_goes_unless_rows_hold_values(
    org: OrgServer, client: WatchedClient
) -> None:
    scored(org, gs_reasons="low")
    fewer = wanted(rule_model(PAID, "output: {score: gs_score, grade: gs_grade}\n"))
    prune(client, fewer)
    assert columns(org) == {"gs_score", "gs_grade", "gs_reasons"}
    prune(client, fewer, with_data=True)
    assert columns(org) == {"gs_score", "gs_grade"}


@pytest.mark.deployed
def test_an_option_that_somebody_else_added_stays(org: OrgServer, client: WatchedClient) -> None:
    label = {"LocalizedLabels": [{"Label": "Own", "LanguageCode": 1033}]}
    added = {"EntityLogicalName": "account", "AttributeLogicalName": "gs_grade",
             "Value": 5, "Label": label}  # fmt: skip
    client.request("POST", "InsertOptionValue", added)
    prune(client, wanted())
    assert 5 in labels(org, "gs_grade")
