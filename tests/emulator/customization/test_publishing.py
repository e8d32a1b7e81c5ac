"""Publishing, and putting components into solutions."""

import pytest

from emulator.customization.solutions import add_row_to_named_solution, guard_components
from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.webapi.calls import Call, Headers
from tests.emulator.customization.sending import (
    ACCOUNT,
    ROOT,
    act,
    call,
    column,
    stored,
    write,
)


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        ("<importexportxml><entities><entity>account</entity></entities></importexportxml>", 204),
        ("<importexportxml><entities><entity>nowhere</entity></entities></importexportxml>", 404),
        ("<importexportxml><sitemaps><sitemap>x</sitemap></sitemaps></importexportxml>", 501),
        ("<importexportxml>", 400),
    ],
)
def test_publishing_checks_what_it_is_asked(org: Organization, xml: str, status: int) -> None:
    try:
        answered = act(org, "PublishXml", ParameterXml=xml).status
    except ApiError as refusal:
        answered = refusal.status
    assert answered == status


def test_a_component_goes_into_the_named_solution_once(org: Organization) -> None:
    with org.transaction() as tx:
        solution = tx.create("solution", {"uniquename": "gradesys", "friendlyname": "gradesys"})
    write(org, "POST", ACCOUNT, column("Decimal"), MSCRM_SolutionUniqueName="gradesys")
    again = {"ComponentId": stored(org).id, "ComponentType": 2, "SolutionUniqueName": "gradesys"}
    assert act(org, "AddSolutionComponent", **again).status == 200
    parts = org.rows("solutioncomponent", solutionid=solution)
    assert [(part["objectid"], part["componenttype"]) for part in parts] == [(stored(org).id, 2)]


@pytest.mark.parametrize(
    ("table", "kinds"), [("serviceendpoint", [95]), ("webresource", [61]), ("account", [])]
)
def test_a_new_row_goes_into_the_named_solution_when_it_is_a_component(
    org: Organization, table: str, kinds: list[int]
) -> None:
    name = f"of_{table}"
    with org.transaction() as tx:
        solution = tx.create("solution", {"uniquename": name, "friendlyname": name})
    request = call(org, "POST", table, {}, MSCRM_SolutionUniqueName=name)
    add_row_to_named_solution(request, table, solution)
    parts = org.rows("solutioncomponent", solutionid=solution)
    assert [part["componenttype"] for part in parts] == kinds


def test_an_unknown_solution_is_refused_and_nothing_is_made(org: Organization) -> None:
    with pytest.raises(ApiError):
        write(org, "POST", ACCOUNT, column("Decimal"), MSCRM_SolutionUniqueName="nowhere")
    assert "gs_test" not in org.definitions.tables["account"].columns


def test_a_deleted_row_leaves_its_solutions(org: Organization) -> None:
    org.guards.append(guard_components)
    with org.transaction() as tx:
        solution = tx.create("solution", {"uniquename": "left", "friendlyname": "left"})
        resource = tx.create("webresource", {"name": "gs_/page.html", "webresourcetype": 1})
    request = call(org, "POST", "webresourceset", {}, MSCRM_SolutionUniqueName="left")
    add_row_to_named_solution(request, "webresource", resource)
    assert len(org.rows("solutioncomponent", solutionid=solution)) == 1
    with org.transaction() as tx:
        tx.delete("webresource", resource)
    org.guards.remove(guard_components)
    assert org.rows("solutioncomponent", solutionid=solution) == []


def test_the_solution_may_be_named_in_the_query(org: Organization) -> None:
    with org.transaction() as tx:
        solution = tx.create("solution", {"uniquename": "asked", "friendlyname": "asked"})
    request = Call(org, "POST", "roles", "SolutionUniqueName=asked", Headers(), b"", ROOT)
    add_row_to_named_solution(request, "role", solution)
    assert [row["objectid"] for row in org.rows("solutioncomponent", solutionid=solution)] == [
        solution
    ]
