"""Plan, apply and remove against a whole organisation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from gradesys.dataverse.metadata import load_schema
from gradesys.deploy.actions import Action, ActionKind, pending
from gradesys.deploy.apply import Applied, apply
from gradesys.deploy.manifest import Manifest, manifest
from gradesys.deploy.plan import plan
from gradesys.deploy.remove import removal
from gradesys.deploy.runs import RUNS
from gradesys.errors import PermanentError, TemporaryError
from gradesys.records import Kind
from gradesys.rules.model import RuleModel
from gradesys.rules.subscriptions import Step
from tests.deploy.conftest import WatchedClient
from tests.deploy.rulefiles import OUTPUT, PAID, customer_grade, rule_model, scored
from tests.emulator.conftest import OrgServer

BASE = "http://127.0.0.1:1"
STEPS = (
    Step("account", "Create"),
    Step("account", "Update", ("statecode",)),
    Step("invoice", "Create"),
    Step("invoice", "Update", ("customerid", "statecode", "totalamount_base"), ("customerid",)),
    Step("invoice", "Delete", (), ("customerid",)),
)
SYSTEM = (
    "publishers", "solutions", "solutioncomponents", "serviceendpoints", "sdkmessages",
    "sdkmessagefilters", "sdkmessageprocessingsteps", "sdkmessageprocessingstepimages",
    "customapis", "customapirequestparameters", "accounts",
)  # fmt: skip


def wanted(
    model: RuleModel | None = None,
    steps: Sequence[Step] = STEPS,
    base: str = BASE,
    key: str = "k1",
) -> Manifest:
    return manifest([model or customer_grade()], steps, base, key)


def deploy(client: WatchedClient, what: Manifest) -> Applied:
    return apply(plan(what, client), client, lambda action: None)


def whole(org: OrgServer) -> dict[str, Any]:
    """Everything that deploy could touch: all definitions, and the rows of the system tables."""
    expand = "Attributes($select=LogicalName,AttributeType,DisplayName,Description)"
    tables = org.rows(f"EntityDefinitions?$select=LogicalName&$expand={expand}")
    rows = {name: org.rows(name) for name in SYSTEM}
    return {"tables": {table["LogicalName"]: table for table in tables}, **rows}


def labels(org: OrgServer, column: str) -> dict[int, dict[int, str]]:
    path = f"EntityDefinitions(LogicalName='account')/Attributes(LogicalName='{column}')"
    found = org.get(f"{path}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet")
    return {
        option["Value"]: {
            text["LanguageCode"]: text["Label"] for text in option["Label"]["LocalizedLabels"]
        }
        for option in found["OptionSet"]["Options"]
    }


def test_a_plan_for_an_empty_organisation_reads_only_and_creates_everything(
    client: WatchedClient,
) -> None:
    actions = plan(wanted(), client)
    kinds = Counter(action.kind for action in actions)
    assert client.written == []
    assert kinds.keys() == {ActionKind.CREATE, ActionKind.CHANGE}
    assert [str(a) for a in actions if a.kind is ActionKind.CHANGE] == [
        "change publishing of account, gs_run"
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


def test_labels_arrive_in_english_and_persian(org: OrgServer, client: WatchedClient) -> None:
    deploy(client, wanted())
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


def test_steps_post_to_our_routes_with_exactly_the_columns_and_images_of_the_rules(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, wanted())
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


def test_the_custom_api_and_the_runs_table_are_usable_afterwards(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, wanted())
    run = "00000000-0000-4000-8000-000000000001"
    client.request("POST", "gs_Recompute", {"Table": "account", "RunId": run})
    values = {"gs_name": "all accounts", "gs_table": "account", "gs_state": 921500001,
              "gs_total": 5, "gs_startedon": "2026-06-15T08:00:00Z"}  # fmt: skip
    client.request("PATCH", f"gs_runs({run})", values)
    assert org.get(f"gs_runs({run})?$select=gs_state")["gs_state"] == 921500001


def test_a_second_apply_writes_nothing(client: WatchedClient) -> None:
    first = deploy(client, wanted())
    client.written.clear()
    second = deploy(client, wanted())
    assert client.written == []
    assert (second.created, second.changed, second.removed) == (0, 0, 0)
    assert second.left == first.created - 1 + len(RUNS.columns)


@pytest.mark.parametrize("writes", [0, 1, 2, 3, 5, 11, 12, 15, 18, 22, 26, 27])
def test_an_apply_that_died_is_finished_by_the_next(
    org: OrgServer, client: WatchedClient, writes: int
) -> None:
    client.patience = writes
    with pytest.raises(TemporaryError, match=r"stays; run deploy apply again"):
        deploy(client, wanted())
    client.patience = None
    deploy(client, wanted())
    assert pending(plan(wanted(), client)) == ()
    assert client.written[-2][:2] == ("POST", "PublishXml")
    assert org.names("solutions?$filter=uniquename eq 'gradesys'", "description") == [
        "Scores and grades by gradesys."
    ]


def test_new_and_renamed_grades_keep_every_number(org: OrgServer, client: WatchedClient) -> None:
    deploy(client, wanted())
    changed = PAID.replace("{en: Excellent, fa: ممتاز}", "{en: Superb, fa: عالی}").replace(
        "    - {grade: C}", "    - {grade: BB, min: 40}\n    - {grade: C}"
    )
    client.written.clear()
    deploy(client, wanted(rule_model(changed, OUTPUT)))
    assert labels(org, "gs_grade") == {
        921500000: {1033: "Superb", 1065: "عالی"},
        921500001: {1033: "B", 1065: "B"},
        921500002: {1033: "C", 1065: "C"},
        921500003: {1033: "Unknown", 1065: "Unknown"},
        921500004: {1033: "BB", 1065: "BB"},
    }
    assert [path for _, path, _ in client.written if "OptionValue" in path] == [
        "UpdateOptionValue",
        "InsertOptionValue",
    ]
    client.written.clear()
    deploy(client, wanted())
    assert labels(org, "gs_grade")[921500000] == {1033: "Excellent", 1065: "ممتاز"}


def test_a_column_of_a_wrong_type_stops_everything_and_is_named(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, wanted(rule_model(PAID, "output: {reasons: gs_score}\n")))
    before = whole(org)
    with pytest.raises(PermanentError, match=r"account\.gs_score.*exists as text, needed is") as no:
        deploy(client, wanted())
    assert "nothing was changed" in str(no.value)
    assert whole(org) == before


def test_a_missing_table_is_named(client: WatchedClient) -> None:
    model = rule_model(PAID, "output: {score: gs_score}\n").model_copy(update={"table": "no_such"})
    with pytest.raises(PermanentError, match="no table no_such"):
        deploy(client, wanted(model))


def test_a_table_without_the_message_is_named(client: WatchedClient) -> None:
    with pytest.raises(PermanentError, match="step Update of no_such"):
        deploy(client, wanted(steps=[Step("no_such", "Update", ("name",))]))


@pytest.mark.parametrize(
    ("base", "key", "changed"),
    [(BASE, "k2", {"description"}), ("https://new.example", "k1", {"url"})],
)
def test_another_key_or_address_only_changes_the_endpoints(
    client: WatchedClient, base: str, key: str, changed: set[str]
) -> None:
    deploy(client, wanted())
    client.written.clear()
    deploy(client, wanted(base=base, key=key))
    assert [(method, body.keys()) for method, _, body in client.written] == [
        ("PATCH", changed | {"authvalue"})
    ] * 2
    assert pending(plan(wanted(base=base, key=key), client)) == ()


def test_steps_and_images_that_the_rules_no_longer_need_are_removed(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, wanted())
    fewer = (
        STEPS[0],
        replace(STEPS[1], filtering=("name", "statecode")),
        replace(STEPS[3], image=()),
    )
    deploy(client, wanted(steps=fewer))
    assert set(org.names("sdkmessageprocessingsteps")) == {
        "gradesys: Create of account",
        "gradesys: Update of account",
        "gradesys: Update of invoice",
        "gradesys: gs_Recompute",
    }
    assert org.rows("sdkmessageprocessingstepimages") == []
    assert pending(plan(wanted(steps=fewer), client)) == ()


def test_a_disabled_step_is_enabled_again(org: OrgServer, client: WatchedClient) -> None:
    deploy(client, wanted())
    (step, *_) = org.names("sdkmessageprocessingsteps", "sdkmessageprocessingstepid")
    disabled = {"statecode": 1, "statuscode": 2}
    client.request("PATCH", f"sdkmessageprocessingsteps({step})", disabled, {"If-Match": "*"})
    deploy(client, wanted())
    assert set(org.names("sdkmessageprocessingsteps", "statecode")) == {0}


def test_everything_is_in_the_solution(org: OrgServer, client: WatchedClient) -> None:
    deploy(client, wanted())
    kinds = Counter(org.names("solutioncomponents", "componenttype"))
    assert kinds == {1: 1, 2: 8, 92: 6, 93: 2, 95: 2}


@pytest.mark.parametrize("writes", [2, 7, 14, 25, None])
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
    }
    client.request("POST", "EntityDefinitions(LogicalName='account')/Attributes", own)
    before = whole(org)
    deploy(client, wanted())
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before


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
