"""What apply makes of an organisation that has none of it."""

from collections import Counter

import pytest
from msgspec.structs import replace

from gradesys.dataverse.metadata import load_schema
from gradesys.deploy.actions import Action, ActionKind, pending
from gradesys.deploy.apply import apply
from gradesys.deploy.plan import plan
from gradesys.records import Kind
from tests.deploy.organisations import BASE, deploy, labels, wanted
from tests.deploy.rulefiles import scored
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer


def test_a_plan_for_an_empty_organisation_reads_only_and_creates_everything(
    client: WatchedClient,
) -> None:
    actions = plan(wanted(), client)
    kinds = Counter(action.kind for action in actions)
    assert client.written == []
    assert kinds.keys() == {ActionKind.CREATE, ActionKind.CHANGE, ActionKind.LEAVE}
    (left,) = (action.what for action in actions if action.kind is ActionKind.LEAVE)
    assert left == "solution gradesys_controls"
    assert [str(a) for a in actions if a.kind is ActionKind.CHANGE] == [
        "change publishing of account, gs_run, gs_scorehistory"
    ]


def test_apply_makes_columns_that_the_schema_shows_as_planned(
    org: OrgServer, client: WatchedClient
) -> None:
    what = wanted()
    deploy(client, what)
    columns = load_schema(client, ["account"])["account"].columns
    for spec in what.columns:
        found = replace(columns[spec.name], options=(), places=None, minimum=None, maximum=None)
        planned = replace(spec.column, places=None, minimum=None, maximum=None)
        assert found == planned
    assert columns["gs_score"].places == 2
    assert columns["gs_score"].minimum == what.columns[0].column.minimum


@pytest.mark.deployed
def test_labels_arrive_in_english_and_persian(org: OrgServer, client: WatchedClient) -> None:
    assert labels(org, "gs_grade") == {
        921500000: {1033: "Excellent", 1065: "ممتاز"},
        921500001: {1033: "B", 1065: "B"},
        921500002: {1033: "C", 1065: "C"},
        921500003: {1033: "Unknown", 1065: "Unknown"},
    }
    assert labels(org, "gs_trend")[921500002] == {1033: "Down", 1065: "نزولی"}
    (name,) = org.rows(
        "EntityDefinitions(LogicalName='account')/Attributes"
        "?$select=DisplayName&$filter=LogicalName eq 'gs_score'"
    )
    texts = {text["LanguageCode"]: text["Label"] for text in name["DisplayName"]["LocalizedLabels"]}
    assert texts == {1033: "Score", 1065: "امتیاز"}


@pytest.mark.deployed
def test_steps_post_to_our_routes_with_exactly_the_columns_and_images_of_the_rules(
    org: OrgServer, client: WatchedClient
) -> None:
    expand = (
        "sdkmessageid($select=name),sdkmessagefilterid($select=primaryobjecttypecode),"
        "eventhandler_serviceendpoint($select=url)"
    )
    found = {
        row["name"]: (
            row["sdkmessageid"]["name"],
            (row["sdkmessagefilterid"] or {}).get("primaryobjecttypecode"),
            row["filteringattributes"],
            row["eventhandler_serviceendpoint"]["url"],
        )
        for row in org.rows(f"sdkmessageprocessingsteps?$expand={expand}")
    }
    webhook, recompute = f"{BASE}/api/webhook", f"{BASE}/api/recompute"
    assert found == {
        "gradesys: Create of account": ("Create", "account", None, webhook),
        "gradesys: Update of account": ("Update", "account", "statecode", webhook),
        "gradesys: Create of invoice": ("Create", "invoice", None, webhook),
        "gradesys: Update of invoice": (
            "Update", "invoice", "customerid,statecode,totalamount_base", webhook,
        ),
        "gradesys: Delete of invoice": ("Delete", "invoice", None, webhook),
        "gradesys: gs_Recompute": ("gs_Recompute", None, None, recompute),
    }  # fmt: skip
    images = org.rows("sdkmessageprocessingstepimages?$select=entityalias,attributes,imagetype")
    assert [(row["entityalias"], row["attributes"], row["imagetype"]) for row in images] == [
        ("gs_pre", "customerid", 0)
    ] * 2


@pytest.mark.deployed
def test_the_custom_api_and_the_runs_table_are_usable_afterwards(
    org: OrgServer, client: WatchedClient
) -> None:
    run = "00000000-0000-4000-8000-000000000001"
    client.request("POST", "gs_Recompute", {"Table": "account", "RunId": run})
    values = {"gs_name": "all accounts", "gs_table": "account", "gs_state": 921500001,
              "gs_total": 5, "gs_startedon": "2026-06-15T08:00:00Z"}  # fmt: skip
    client.request("PATCH", f"gs_runs({run})", values)
    assert org.get(f"gs_runs({run})?$select=gs_state")["gs_state"] == 921500001


@pytest.mark.deployed
def test_everything_is_in_the_solution(org: OrgServer, client: WatchedClient) -> None:
    kinds = Counter(org.names("solutioncomponents", "componenttype"))
    rows = {26: 1, 59: 1, 61: 3, 92: 6, 93: 2, 95: 2, 380: 1, 381: 1, 10343: 4}
    assert kinds == {1: 2, 2: 8} | rows


def test_a_rial_sum_is_stored_to_the_last_digit(org: OrgServer, client: WatchedClient) -> None:
    summed = "type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base"
    deploy(client, wanted(scored(f"a: {{{summed}}}")))
    assert load_schema(client, ["account"])["account"].columns["gs_score"].kind is Kind.MONEY
    account = org.create("accounts", name="a")
    path = f"accounts({account})"
    client.request("PATCH", path, {"gs_score": 123456789012345}, {"If-Match": "*"})
    assert client.request("GET", f"{path}?$select=gs_score").json()["gs_score"] == 123456789012345


def test_progress_names_every_action_that_writes(client: WatchedClient) -> None:
    told: list[Action] = []
    actions = plan(wanted(), client)
    apply(actions, client, told.append)
    assert told == list(pending(actions))
