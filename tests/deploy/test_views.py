"""The view and the chart of a model: which records changed this week, and why."""

from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from gradesys.deploy.actions import pending
from gradesys.deploy.apply import apply
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.plan import plan
from gradesys.deploy.remove import removal
from tests.deploy.organisations import deploy, wanted, whole
from tests.deploy.rulefiles import OUTPUT, PAID, customer_grade, rule_model
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

HISTORY = "history: true\n"


def keeping_history() -> Manifest:
    return wanted(rule_model(PAID, OUTPUT, HISTORY))


def fetched(org: OrgServer, entity_set: str, xml: str) -> list[dict[str, object]]:
    return org.rows(f"{entity_set}?fetchXml={quote(xml)}")


@pytest.mark.deployed
def test_a_view_shows_the_records_scored_in_the_last_week_with_grade_and_reasons(
    org: OrgServer, client: WatchedClient
) -> None:
    for name, day in (("new", "2026-02-27"), ("old", "2026-02-01")):
        values = {"gs_scoredon": f"{day}T08:00:00Z", "gs_reasons": "low", "gs_grade": 921500000}
        org.create("accounts", name=name, **values)
    (view,) = org.rows("savedqueries")
    assert view["name"] == "customer_grade: changed in the last 7 days"
    (row,) = fetched(org, "accounts", view["fetchxml"])
    assert (row["name"], row["gs_reasons"]) == ("new", "low")
    cells = [cell.get("name") for cell in ElementTree.fromstring(view["layoutxml"]).iter("cell")]
    assert cells == ["name", "gs_grade", "gs_score", "gs_trend", "gs_reasons", "gs_scoredon"]


@pytest.mark.deployed
def test_the_chart_counts_the_records_of_each_grade(org: OrgServer, client: WatchedClient) -> None:
    for grade in (921500000, 921500000, 921500001):
        org.create("accounts", name="a", gs_grade=grade, gs_scoredon="2026-02-27T08:00:00Z")
    (chart,) = org.rows("savedqueryvisualizations")
    query = ElementTree.fromstring(chart["datadescription"]).find("fetchcollection/fetch")
    assert query is not None
    counted = fetched(org, "accounts", ElementTree.tostring(query, "unicode"))
    assert {(row["by"], row["rows"]) for row in counted} == {(921500000, 2), (921500001, 1)}


def test_a_model_that_keeps_its_history_shows_the_changes_themselves(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, keeping_history())
    changed = {"gs_changedon": "2026-02-27T08:00:00Z", "gs_grade": "A", "gs_cause": 921500000}
    org.create("gs_scorehistories", gs_name="a", gs_model="customer_grade", **changed)
    org.create("gs_scorehistories", gs_name="b", gs_model="another", **changed)
    (view,) = org.rows("savedqueries")
    assert view["returnedtypecode"] == "gs_scorehistory"
    assert [row["gs_name"] for row in fetched(org, "gs_scorehistories", view["fetchxml"])] == ["a"]


@pytest.mark.parametrize("what", [wanted, keeping_history])
def test_a_second_apply_leaves_view_and_chart(
    client: WatchedClient, what: Callable[[], Manifest]
) -> None:
    deploy(client, what())
    assert pending(plan(what(), client)) == ()


@pytest.mark.deployed
def test_a_model_that_begins_to_keep_its_history_has_one_view(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, keeping_history())
    assert org.names("savedqueries", "returnedtypecode") == ["gs_scorehistory"]
    assert org.names("savedqueryvisualizations", "primaryentitytypecode") == ["gs_scorehistory"]


def test_a_customers_own_views_stay(org: OrgServer, client: WatchedClient) -> None:
    fetch = '<fetch><entity name="account"><attribute name="name"/></entity></fetch>'
    grid = '<grid object="1"><row name="r" id="accountid"><cell name="name"/></row></grid>'
    org.create("savedqueries", name="own", returnedtypecode="account", querytype=0,
               fetchxml=fetch, layoutxml=grid)  # fmt: skip
    before = whole(org)
    deploy(client, wanted())
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before


@pytest.mark.deployed
def test_xml_in_another_spelling_is_no_difference(org: OrgServer, client: WatchedClient) -> None:
    (view,) = org.rows("savedqueries")
    spaced = view["fetchxml"].replace("><", ">\n  <").replace('"', "'")
    (script,) = org.rows("webresourceset?$filter=name eq 'gs_/js/gradesys.js'")
    org.send("PATCH", f"savedqueries({view['savedqueryid']})", {"fetchxml": spaced})
    same = b64encode(b"var GradeSys = {};").decode()
    org.send("PATCH", f"webresourceset({script['webresourceid']})", {"content": same})
    assert pending(plan(wanted(), client)) == ()


def test_a_model_that_does_not_say_when_it_scored_has_no_view(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, wanted(customer_grade("output: {score: gs_score}\n")))
    assert org.rows("savedqueries") == []
