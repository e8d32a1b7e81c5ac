"""Remove takes away what apply made, and nothing else."""

import pytest

from gradesys.deploy.apply import apply
from gradesys.deploy.remove import removal
from gradesys.errors import TemporaryError
from tests.deploy.organisations import deploy, wanted, whole
from tests.deploy.rulefiles import PAID, rule_model
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

ATTRIBUTES = "EntityDefinitions(LogicalName='account')/Attributes"


@pytest.mark.parametrize("writes", [2, 7, None])
def test_remove_leaves_the_organisation_as_it_was(
    org: OrgServer, client: WatchedClient, writes: int | None
) -> None:
    org.create("accounts", name="پارس")
    before = whole(org)
    client.patience = writes
    if writes is None:
        deploy(client, wanted())
    else:
        with pytest.raises(TemporaryError):
            deploy(client, wanted())
    client.patience = None
    removed = apply(removal(client), client, lambda action: None)
    assert removed.removed > 0
    assert whole(org) == before


def test_remove_finds_columns_that_the_rules_no_longer_name(
    org: OrgServer, client: WatchedClient
) -> None:
    before = whole(org)
    deploy(client, wanted())
    deploy(client, wanted(rule_model(PAID, "output: {score: gs_newscore}\n"), steps=()))
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before


def test_remove_finds_columns_by_their_note_when_the_solution_is_gone(
    org: OrgServer, client: WatchedClient
) -> None:
    before = whole(org)
    deploy(client, wanted())
    (solution,) = org.names("solutions?$filter=uniquename eq 'gradesys'", "solutionid")
    client.request("DELETE", f"solutions({solution})")
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before


def test_remove_leaves_a_customers_own_columns_that_the_rules_used(
    org: OrgServer, client: WatchedClient
) -> None:
    own = {
        "@odata.type": "Microsoft.Dynamics.CRM.DecimalAttributeMetadata",
        "SchemaName": "gs_Score",
        "Precision": 2,
        "DisplayName": {"LocalizedLabels": [{"Label": "Own", "LanguageCode": 1033}]},
        "Description": {"LocalizedLabels": [{"Label": "for gradesys", "LanguageCode": 1033}]},
    }
    client.request("POST", ATTRIBUTES, own)
    before = whole(org)
    deploy(client, wanted())
    (column,) = org.names(f"{ATTRIBUTES}?$filter=LogicalName eq 'gs_score'", "MetadataId")
    added = {"ComponentId": column, "ComponentType": 2, "SolutionUniqueName": "gradesys",
             "AddRequiredComponents": False}  # fmt: skip
    client.request("POST", "AddSolutionComponent", added)
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before


def test_there_is_nothing_to_remove_where_apply_has_never_been(client: WatchedClient) -> None:
    assert removal(client) == ()


@pytest.mark.parametrize("writes", [1, 9, 20])
def test_a_removal_that_died_is_finished_by_the_next(
    org: OrgServer, client: WatchedClient, writes: int
) -> None:
    before = whole(org)
    deploy(client, wanted())
    client.patience = len(client.written) + writes
    with pytest.raises(TemporaryError, match="stays, run deploy remove again"):
        apply(removal(client), client, lambda action: None)
    client.patience = None
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before


@pytest.mark.deployed
@pytest.mark.parametrize(("with_data", "left"), [(False, {"gs_score", "gs_grade"}), (True, set())])
def test_columns_with_values_stay_unless_asked(
    org: OrgServer, client: WatchedClient, with_data: bool, left: set[str]
) -> None:
    org.create("accounts", name="a", gs_score=5, gs_grade=921500000)
    actions = removal(client, with_data)
    apply(actions, client, lambda action: None)
    columns = org.names(f"{ATTRIBUTES}?$filter=IsCustomAttribute eq true", "LogicalName")
    assert {name for name in columns if name.startswith("gs_")} == left
    told = [action.what for action in actions if "--with-data" in action.why]
    assert set(told) == {f"column account.{name}" for name in left}


@pytest.mark.deployed
def test_the_history_of_scores_stays_unless_asked(org: OrgServer, client: WatchedClient) -> None:
    org.create("gs_scorehistories", gs_name="a")
    apply(removal(client), client, lambda action: None)
    assert org.names("gs_scorehistories", "gs_name") == ["a"]
    apply(removal(client, with_data=True), client, lambda action: None)
    assert org.rows("entities?$filter=logicalname eq 'gs_scorehistory'") == []
