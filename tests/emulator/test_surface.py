"""What the service refuses of web resources, commands, views, charts, variables and roles."""

from typing import Any
from uuid import UUID

import pytest

from tests.emulator.serving import OrgServer

LIBRARY = "00000000-0000-4000-8000-00000000000a"
COMMAND: dict[str, Any] = {
    "name": "gs_x", "uniquename": "gs_x", "type": 0, "context": 1, "contextvalue": "account",
    "location": 0, "onclickeventtype": 2, "onclickeventjavascriptfunctionname": "A.b",
    "onclickeventjavascriptparameters": '[{"type": 5}]',
    "OnClickEventJavaScriptWebResourceId@odata.bind": f"/webresourceset({LIBRARY})",
}  # fmt: skip
FETCH = '<fetch><entity name="account"><attribute name="name"/></entity></fetch>'
GRID = '<grid object="1"><row name="r" id="accountid"><cell name="name"/></row></grid>'
VIEW: dict[str, Any] = {
    "name": "v",
    "returnedtypecode": "account",
    "querytype": 0,
    "fetchxml": FETCH,
    "layoutxml": GRID,
}
COUNT = '<attribute name="accountid" aggregate="count" alias="n"/>'
GROUP = '<attribute name="name" groupby="true" alias="g"/>'
SHAPE = '<category alias="g"><measurecollection><measure alias="n"/></measurecollection></category>'
DATA = (
    '<datadefinition><fetchcollection><fetch aggregate="true"><entity name="account">'
    f"{COUNT}{GROUP}</entity></fetch></fetchcollection>"
    f"<categorycollection>{SHAPE}</categorycollection></datadefinition>"
)
CHART: dict[str, Any] = {
    "name": "c", "primaryentitytypecode": "account", "datadescription": DATA,
    "presentationdescription": "<Chart/>",
}  # fmt: skip
SCRIPT: dict[str, Any] = {"name": "gs_/a.js", "webresourcetype": 3, "content": "AAAA"}
VARIABLE: dict[str, Any] = {"schemaname": "gs_Url", "displayname": "url", "type": 100000000}


@pytest.fixture
def org(refusing_server: OrgServer) -> OrgServer:
    """An organisation with a publisher of the prefix gs and a script library."""
    org = refusing_server
    org.create("publishers", uniquename="p", friendlyname="p", customizationprefix="gs",
               customizationoptionvalueprefix=10000)  # fmt: skip
    org.create("webresourceset", webresourceid=LIBRARY, **SCRIPT | {"name": "gs_/lib.js"})
    return org


@pytest.mark.parametrize(
    ("entity_set", "row"),
    [("appactions", COMMAND), ("savedqueries", VIEW), ("savedqueryvisualizations", CHART),
     ("webresourceset", SCRIPT), ("environmentvariabledefinitions", VARIABLE)],
)  # fmt: skip
def test_a_whole_row_is_kept(org: OrgServer, entity_set: str, row: dict[str, Any]) -> None:
    assert org.send("POST", entity_set, row).status_code == 204


@pytest.mark.parametrize(
    ("entity_set", "row", "change"),
    [
        ("appactions", COMMAND, {"uniquename": "other_x"}),
        ("appactions", COMMAND, {"contextvalue": "nothing"}),
        ("appactions", COMMAND, {"location": None}),
        ("appactions", COMMAND, {"onclickeventjavascriptfunctionname": None}),
        ("appactions", COMMAND, {"onclickeventjavascriptparameters": "PrimaryControl"}),
        ("savedqueries", VIEW, {"returnedtypecode": "contact"}),
        ("savedqueries", VIEW, {"returnedtypecode": "nothing"}),
        ("savedqueries", VIEW, {"fetchxml": FETCH.replace('"name"/', '"nothing"/')}),
        ("savedqueries", VIEW, {"layoutxml": GRID.replace('object="1"', 'object="2"')}),
        ("savedqueries", VIEW, {"layoutxml": GRID.replace('cell name="name"', 'cell name="x"')}),
        (
            "savedqueryvisualizations",
            CHART,
            {"datadescription": DATA.replace('e alias="n"', 'e alias="z"')},
        ),
        ("savedqueryvisualizations", CHART, {"presentationdescription": "<Chart>"}),
        ("webresourceset", SCRIPT, {"name": "other_/a.js"}),
        ("webresourceset", SCRIPT, {"name": "gs_/lib.js"}),
        ("webresourceset", SCRIPT, {"content": "not base64!"}),
        ("webresourceset", SCRIPT, {"webresourcetype": 99}),
        ("environmentvariabledefinitions", VARIABLE, {"schemaname": "Url"}),
        ("environmentvariabledefinitions", VARIABLE, {"type": 1}),
        ("environmentvariablevalues", {"value": "x"}, {}),
        ("roles", {"name": "r"}, {}),
    ],
)
def test_what_the_service_refuses_is_refused(
    org: OrgServer, entity_set: str, row: dict[str, Any], change: dict[str, Any]
) -> None:
    assert org.send("POST", entity_set, row | change).status_code in (400, 404, 412)


def test_the_place_of_a_command_is_accepted_and_not_changed(org: OrgServer) -> None:
    command = org.send("POST", "appactions", COMMAND).headers["OData-EntityId"]
    assert org.send("PATCH", command, {"location": 2, "hidden": True}).status_code == 204
    found = org.get(command)
    assert (found["location"], found["hidden"]) == (0, True)


def test_a_library_that_a_command_uses_cannot_be_deleted(org: OrgServer) -> None:
    org.send("POST", "appactions", COMMAND)
    assert org.send("DELETE", f"webresourceset({LIBRARY})").status_code == 405


@pytest.mark.parametrize("resource", [LIBRARY, str(UUID(int=9))])
def test_only_web_resources_that_exist_are_published(org: OrgServer, resource: str) -> None:
    part = f"<webresources><webresource>{{{resource}}}</webresource></webresources>"
    body = {"ParameterXml": f"<importexportxml>{part}</importexportxml>"}
    expected = 204 if resource == LIBRARY else 404
    assert org.send("POST", "PublishXml", body).status_code == expected


@pytest.mark.parametrize(("depth", "status"), [("Global", 204), (8, 400), ("Everywhere", 400)])
def test_privileges_are_given_with_a_depth_by_name(
    org: OrgServer, depth: str | int, status: int
) -> None:
    (unit,) = org.names("businessunits", "businessunitid")
    role = org.create("roles", name="r", businessunitid__bind=f"/businessunits({unit})")
    (privilege,) = org.names("privileges?$filter=name eq 'prvReadAccount'", "privilegeid")
    body = {"Privileges": [{"PrivilegeId": privilege, "Depth": depth}]}
    path = f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole"
    assert org.send("POST", path, body).status_code == status
    held = org.names(f"roles({role})/roleprivileges_association?$select=name")
    assert ("prvReadAccount" in held) is (status == 204)


def test_a_table_comes_and_goes_with_its_privileges_and_views(org: OrgServer) -> None:
    label = {"LocalizedLabels": [{"Label": "It", "LanguageCode": 1033}]}
    kind = "Microsoft.Dynamics.CRM.StringAttributeMetadata"
    name = {"@odata.type": kind, "SchemaName": "gs_Name",
            "MaxLength": 10, "IsPrimaryName": True, "DisplayName": label}  # fmt: skip
    table = {"SchemaName": "gs_It", "DisplayName": label, "DisplayCollectionName": label,
             "OwnershipType": "OrganizationOwned", "Attributes": [name]}  # fmt: skip
    assert org.send("POST", "EntityDefinitions", table).status_code == 204
    address = "EntityDefinitions(LogicalName='gs_it')"
    found = org.get(f"{address}?$select=Privileges,ObjectTypeCode")
    assert {item["PrivilegeType"] for item in found["Privileges"]} >= {"Create", "Read", "AppendTo"}
    fetch = FETCH.replace("account", "gs_it").replace('"name"/', '"gs_name"/')
    grid = GRID.replace('"1"', f'"{found["ObjectTypeCode"]}"').replace('"name"/', '"gs_name"/')
    view = VIEW | {"returnedtypecode": "gs_it", "fetchxml": fetch, "layoutxml": grid}
    assert org.send("POST", "savedqueries", view).status_code == 204
    assert org.send("DELETE", address).status_code == 204
    assert org.rows("savedqueries") == []
    assert org.rows("privileges?$filter=name eq 'prvReadgs_It'") == []
