"""Scripts, buttons and the environment variable: rows that users and administrators see."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gradesys.deploy.actions import pending
from gradesys.deploy.plan import plan
from gradesys.deploy.surface.assets import Assets
from tests.deploy.organisations import ASSETS, deploy, wanted
from tests.deploy.rulefiles import OUTPUT, PAID, rule_model
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer, new_emulator, serving


@pytest.fixture(scope="module")
def standing(deployed_file: Path) -> Iterator[OrgServer]:
    """An organisation with everything deployed, only to be looked at."""
    with serving(new_emulator(deployed_file)) as server:
        yield server


FORM = "uniquename eq 'gs_gradesys.account.form'"


def content(org: OrgServer, name: str) -> str:
    (row,) = org.rows(f"webresourceset?$filter=name eq '{name}'")
    return b64decode(row["content"]).decode()


def models(org: OrgServer) -> dict[str, Any]:
    text = content(org, "gs_/js/models.js")
    found: dict[str, Any] = json.loads(
        text.removeprefix("globalThis.GradeSysModels = ").rstrip(";\n")
    )
    return found


def button(org: OrgServer) -> dict[str, Any]:
    (row,) = org.rows(f"appactions?$filter={FORM}")
    return row


def texts(org: OrgServer, column: str) -> dict[int, str]:
    moniker = json.dumps(
        {
            "@odata.type": "Microsoft.Dynamics.CRM.appaction",
            "appactionid": button(org)["appactionid"],
        }
    )
    call = "RetrieveLocLabels(EntityMoniker=@p1,AttributeName=@p2,IncludeUnpublished=@p3)"
    found = org.get(f"{call}?@p1={moniker}&@p2='{column}'&@p3=true")
    return {item["LanguageCode"]: item["Label"] for item in found["Label"]["LocalizedLabels"]}


def test_scripts_and_icon_are_web_resources_with_the_shipped_content(standing: OrgServer) -> None:
    found = standing.rows("webresourceset?$orderby=name")
    assert [(row["name"], row["webresourcetype"]) for row in found] == [
        ("gs_/img/recompute.svg", 11),
        ("gs_/js/gradesys.js", 3),
        ("gs_/js/models.js", 3),
    ]
    assert content(standing, "gs_/js/gradesys.js") == "var GradeSys = {};"


def test_the_models_script_names_columns_and_the_numbers_of_the_grades(standing: OrgServer) -> None:
    (model,) = models(standing)["account"]
    assert (model["id"], model["columns"]["grade"]) == ("customer_grade", "gs_grade")
    assert [(band["grade"], band["value"], band["title"]["fa"]) for band in model["bands"]] == [
        ("A", 921500000, "ممتاز"),
        ("B", 921500001, "B"),
        ("C", 921500002, "C"),
    ]


def test_a_reason_is_called_as_its_indicator_is_in_both_languages(
    org: OrgServer, client: WatchedClient
) -> None:
    titled = PAID.replace("{type: agg", "{title: {en: Paid, fa: پرداخت‌شده}, type: agg")
    deploy(client, wanted(rule_model(titled, OUTPUT)))
    (model,) = models(org)["account"]
    assert model["reasons"] == {"low": {"en": "Paid", "fa": "پرداخت‌شده"}}


@pytest.mark.parametrize(("color", "stored"), [("#107C10", "#107C10"), ("green", None)])
def test_a_grade_has_the_colour_of_the_rules_where_dataverse_takes_it(
    org: OrgServer, client: WatchedClient, color: str, stored: str | None
) -> None:
    colored = PAID.replace("{grade: B, min: 50}", f'{{grade: B, min: 50, color: "{color}"}}')
    deploy(client, wanted(rule_model(colored, OUTPUT)))
    path = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='gs_grade')"
    kind = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
    options = org.get(f"{path}/{kind}?$expand=OptionSet")["OptionSet"]["Options"]
    assert {option["Value"]: option["Color"] for option in options}[921500001] == stored
    (model,) = models(org)["account"]
    assert model["bands"][1]["colour"] == color


@pytest.mark.deployed
def test_a_grade_inserted_on_top_changes_the_models_script_and_no_number(
    org: OrgServer, client: WatchedClient
) -> None:
    inserted = PAID.replace("    - {grade: A", "    - {grade: S, min: 95}\n    - {grade: A")
    client.written.clear()
    deploy(client, wanted(rule_model(inserted, OUTPUT)))
    (model,) = models(org)["account"]
    numbers = {band["grade"]: band["value"] for band in model["bands"]}
    assert numbers == {"S": 921500004, "A": 921500000, "B": 921500001, "C": 921500002}
    changed = [path for _, path, _ in client.written if path.startswith("webresourceset")]
    assert len(changed) == 1


def test_each_place_of_a_scored_table_has_its_button(standing: OrgServer) -> None:
    columns = ("location", "onclickeventjavascriptfunctionname", "onclickeventjavascriptparameters")
    rows = standing.rows("appactions?$orderby=uniquename")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        (1, "GradeSys.recomputeAll", '[{"type": 12}]'),
        (0, "GradeSys.recomputeForm", '[{"type": 5}]'),
        (1, "GradeSys.recomputeSelected", '[{"type": 12}, {"type": 23}]'),
        (2, "GradeSys.recomputeSelected", '[{"type": 12}, {"type": 23}]'),
    ]
    assert {row["contextvalue"] for row in rows} == {"account"}


def test_a_button_speaks_both_languages(standing: OrgServer) -> None:
    assert texts(standing, "buttonlabeltext") == {
        1033: "Recompute grade",
        1065: "محاسبهٔ دوبارهٔ درجه",
    }


def test_everything_shown_is_published_once(client: WatchedClient) -> None:
    deploy(client, wanted())
    (xml,) = (body["ParameterXml"] for _, path, body in client.written if path == "PublishXml")
    assert xml.count("<webresource>") == 3
    assert "<entity>account</entity>" in xml


def test_the_services_address_is_an_environment_variable(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, wanted(base="https://old.example"))
    deploy(client, wanted(base="https://new.example/"))
    call = "RetrieveEnvironmentVariableValue(DefinitionSchemaName='gs_ServiceUrl')"
    assert org.get(call)["Value"] == "https://new.example"


@pytest.mark.deployed
def test_the_button_of_a_table_that_is_no_longer_scored_goes(
    org: OrgServer, client: WatchedClient
) -> None:
    other = replace(rule_model(PAID, OUTPUT), table="contact")
    deploy(client, wanted(other))
    assert {row["contextvalue"] for row in org.rows("appactions")} == {"contact"}


def damage_function(org: OrgServer) -> None:
    org.send("PATCH", f"appactions({button(org)['appactionid']})",
             {"onclickeventjavascriptfunctionname": "Other.thing"})  # fmt: skip


def damage_place(org: OrgServer) -> None:
    row = button(org)
    org.send("DELETE", f"appactions({row['appactionid']})")
    library = row["_onclickeventjavascriptwebresourceid_value"]
    org.create("appactions", name="x", uniquename=row["uniquename"], type=0, context=1,
               contextvalue="account", location=2, onclickeventtype=2,
               onclickeventjavascriptfunctionname="x",
               OnClickEventJavaScriptWebResourceId__bind=f"/webresourceset({library})")  # fmt: skip


def damage_script(org: OrgServer) -> None:
    (row,) = org.rows("webresourceset?$filter=name eq 'gs_/js/gradesys.js'")
    org.send("PATCH", f"webresourceset({row['webresourceid']})", {"content": "AAAA"})


@pytest.mark.deployed
@pytest.mark.parametrize("damage", [damage_function, damage_place, damage_script])
def test_what_somebody_changed_is_put_back(
    org: OrgServer, client: WatchedClient, damage: Callable[[OrgServer], None]
) -> None:
    damage(org)
    deploy(client, wanted())
    assert button(org)["location"] == 0
    assert button(org)["onclickeventjavascriptfunctionname"] == "GradeSys.recomputeForm"
    assert content(org, "gs_/js/gradesys.js") == "var GradeSys = {};"
    assert pending(plan(wanted(), client)) == ()


@pytest.mark.deployed
def test_a_newer_script_changes_only_the_script(client: WatchedClient) -> None:
    deploy(client, replace(wanted(), assets=replace(ASSETS, script=b"var GradeSys = 2;")))
    paths = [path.partition("(")[0] for _, path, _ in client.written]
    assert paths == ["solutions", "webresourceset", "PublishXml", "solutions"]


def test_without_a_built_script_there_are_no_buttons_and_the_plan_says_so(
    org: OrgServer, client: WatchedClient
) -> None:
    bare = replace(wanted(), assets=Assets())
    told = [action.why for action in plan(bare, client) if action.what == "commands"]
    assert told == ["this installation was built without the script; see solution/webresources"]
    deploy(client, bare)
    assert org.rows("appactions") == []
    assert pending(plan(bare, client)) == ()


@pytest.mark.parametrize(
    ("refused", "lost"),
    [
        (("appactions",), "users have no such button"),
        (("SetLocLabels",), "people see one language only"),
        (("environmentvariable",), "the address is in the service endpoints"),
        (("savedquer",), "there is no such view or chart"),
    ],
)
def test_what_the_organisation_refuses_is_told_and_the_rest_goes_on(
    org: OrgServer, client: WatchedClient, refused: tuple[str, ...], lost: str
) -> None:
    client.refused = refused
    done = deploy(client, wanted())
    assert done.losses
    assert all(lost in loss for loss in done.losses)
    assert len(org.rows("sdkmessageprocessingsteps")) == 6
    assert any(path == "PublishXml" for _, path, _ in client.written)
