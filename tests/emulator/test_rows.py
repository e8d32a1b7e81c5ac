"""Creating, reading, changing and deleting rows, and the conditions on them."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer

SOME = "ac000000-0000-4000-8000-000000000001"
GONE = "ac000000-0000-4000-8000-00000000dead"


def test_creating_answers_204_with_the_address_of_the_row(org_server: OrgServer) -> None:
    response = org_server.send("POST", "accounts", {"accountid": SOME, "name": "شرکت زرین"})
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["OData-EntityId"] == f"{org_server.api}accounts({SOME})"
    assert response.headers["OData-Version"] == "4.0"
    assert response.headers["x-ms-service-request-id"]
    assert response.headers["REQ_ID"]


def test_a_row_has_its_etag_its_key_and_what_was_selected(org_server: OrgServer) -> None:
    org_server.create("accounts", accountid=SOME, name="Contoso", revenue=1250.5)
    row = org_server.get(f"accounts({SOME})?$select=name,revenue")
    version = org_server.org.rows("account")[0]["versionnumber"]
    assert row == {
        "@odata.context": f"{org_server.api}$metadata#accounts(name,revenue)/$entity",
        "@odata.etag": f'W/"{version}"',
        "accountid": SOME,
        "name": "Contoso",
        "revenue": 1250.5,
        "_transactioncurrencyid_value": None,
    }


def test_without_a_select_every_column_comes_nulls_too(org_server: OrgServer) -> None:
    org_server.create("accounts", accountid=SOME, name="Contoso")
    row = org_server.get(f"accounts({SOME})")
    assert row["description"] is None
    assert row["creditonhold"] is False
    assert row["_ownerid_value"] == row["_owninguser_value"]
    assert (row["statecode"], row["statuscode"]) == (0, 1)
    assert row["createdon"] == row["modifiedon"] == "2026-03-01T08:30:00Z"


@pytest.mark.parametrize(("method", "status"), [("POST", 201), ("PATCH", 200)])
def test_a_representation_is_given_when_preferred(
    org_server: OrgServer, method: str, status: int
) -> None:
    path = "accounts?$select=name"
    if method == "PATCH":
        path = f"accounts({org_server.create('accounts')})?$select=name"
    response = org_server.send(method, path, {"name": "X"}, Prefer="return=representation")
    assert response.status_code == status
    assert response.json()["name"] == "X"
    assert response.headers["Preference-Applied"] == "return=representation"


@pytest.mark.parametrize(
    ("exists", "headers", "status", "code"),
    [
        (True, {}, 204, None),
        (False, {}, 204, None),
        (True, {"If_Match": "*"}, 204, None),
        (False, {"If_Match": "*"}, 404, "0x80040217"),
        (True, {"If_Match": 'W/"1"'}, 412, "0x80060882"),
        (True, {"If_None_Match": "*"}, 412, "0x80040237"),
        (False, {"If_None_Match": "*"}, 204, None),
        (True, {"If_None_Match": "null"}, 204, None),
    ],
)
def test_patch_updates_or_inserts_as_its_conditions_say(
    org_server: OrgServer, exists: bool, headers: dict[str, str], status: int, code: str | None
) -> None:
    if exists:
        org_server.create("accounts", accountid=SOME)
    response = org_server.send("PATCH", f"accounts({SOME})", {"name": "new"}, **headers)
    assert response.status_code == status
    if code is None:
        assert org_server.get(f"accounts({SOME})")["name"] == "new"
    else:
        assert response.json()["error"]["code"] == code


def test_an_etag_lets_exactly_its_version_be_changed_and_deleted(org_server: OrgServer) -> None:
    org_server.create("accounts", accountid=SOME)
    etag = org_server.send("GET", f"accounts({SOME})").headers["ETag"]
    changed = org_server.send("PATCH", f"accounts({SOME})", {"name": "a"}, If_Match=etag)
    stale = org_server.send("DELETE", f"accounts({SOME})", If_Match=etag)
    fresh = org_server.send("GET", f"accounts({SOME})").headers["ETag"]
    deleted = org_server.send("DELETE", f"accounts({SOME})", If_Match=fresh)
    assert (changed.status_code, stale.status_code, deleted.status_code) == (204, 412, 204)


def test_a_known_version_is_not_sent_again(org_server: OrgServer) -> None:
    org_server.create("accounts", accountid=SOME)
    etag = org_server.send("GET", f"accounts({SOME})").headers["ETag"]
    response = org_server.send("GET", f"accounts({SOME})", If_None_Match=etag)
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_row_that_is_gone_is_404_in_dataverses_words(org_server: OrgServer, method: str) -> None:
    response = org_server.send(method, f"accounts({GONE})")
    assert response.status_code == 404
    error = {"code": "0x80040217", "message": f"account With Id = {GONE} Does Not Exist"}
    assert response.json() == {"error": error}


def test_two_rows_cannot_share_a_key(org_server: OrgServer) -> None:
    org_server.create("accounts", accountid=SOME)
    response = org_server.send("POST", "accounts", {"accountid": SOME.upper()})
    assert (response.status_code, response.json()["error"]["code"]) == (412, "0x80040237")


def test_a_single_property_is_read_set_and_cleared(org_server: OrgServer) -> None:
    org_server.create("accounts", accountid=SOME, name="old")
    address = f"accounts({SOME})/name"
    assert org_server.send("PUT", address, {"value": "new"}).status_code == 204
    assert org_server.get(address)["value"] == "new"
    assert org_server.send("GET", f"{address}/$value").text == "new"
    assert org_server.send("DELETE", address).status_code == 204
    assert org_server.send("GET", address).status_code == 204


def test_lookups_are_bound_by_navigation_property_and_cleared_with_null(
    org_server: OrgServer,
) -> None:
    account = org_server.create("accounts", name="A")
    invoice = org_server.create("invoices", customerid_account__bind=f"/accounts({account})")
    assert org_server.get(f"invoices({invoice})")["_customerid_value"] == account
    clear: dict[str, Any] = {"customerid_account@odata.bind": None}
    assert org_server.send("PATCH", f"invoices({invoice})", clear).status_code == 204
    assert org_server.get(f"invoices({invoice})")["_customerid_value"] is None


@pytest.mark.parametrize(
    ("bind", "status", "code"),
    [
        (f"/accounts({GONE})", 404, "0x80040217"),
        ("/nothings(ac000000-0000-4000-8000-000000000001)", 404, "0x8006088a"),
        (f"/systemusers({GONE})", 400, "0x80048d19"),
    ],
)
def test_a_lookup_cannot_point_anywhere(
    org_server: OrgServer, bind: str, status: int, code: str
) -> None:
    response = org_server.send("POST", "invoices", {"customerid_account@odata.bind": bind})
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert org_server.rows("invoices") == []


def test_links_are_read_set_and_removed_by_ref(org_server: OrgServer) -> None:
    account = org_server.create("accounts", name="A")
    contact = org_server.create("contacts", lastname="C")
    link = f"accounts({account})/primarycontactid/$ref"
    target = f"{org_server.api}contacts({contact})"
    assert org_server.send("PUT", link, {"@odata.id": target}).status_code == 204
    assert org_server.get(link)["@odata.id"] == target
    assert org_server.get(f"accounts({account})/primarycontactid")["contactid"] == contact
    assert org_server.send("DELETE", link).status_code == 204
    assert org_server.send("GET", f"accounts({account})/primarycontactid").status_code == 204


@pytest.mark.parametrize("form", ["key", "option"])
def test_children_are_linked_and_unlinked_by_ref(org_server: OrgServer, form: str) -> None:
    account, invoice = org_server.create("accounts"), org_server.create("invoices")
    children = f"accounts({account})/invoice_customer_accounts"
    body = {"@odata.id": f"invoices({invoice})"}
    assert org_server.send("POST", f"{children}/$ref", body).status_code == 204
    assert [row["invoiceid"] for row in org_server.rows(children)] == [invoice]
    one = f"({invoice})/$ref" if form == "key" else f"/$ref?$id={org_server.api}invoices({invoice})"
    assert org_server.send("DELETE", children + one).status_code == 204
    assert org_server.rows(children) == []


def test_a_child_is_created_through_its_parent(org_server: OrgServer) -> None:
    account = org_server.create("accounts", name="A")
    children = f"accounts({account})/invoice_customer_accounts"
    response = org_server.send("POST", children, {"name": "I"})
    assert response.headers["OData-EntityId"].startswith(f"{org_server.api}invoices(")
    assert org_server.names(children) == ["I"]


def test_deleting_a_parent_deletes_its_lines_and_frees_its_papers(org_server: OrgServer) -> None:
    account = org_server.create("accounts")
    invoice = org_server.create("invoices", customerid_account__bind=f"/accounts({account})")
    line = org_server.create("invoicedetails", invoiceid__bind=f"/invoices({invoice})")
    assert org_server.send("DELETE", f"accounts({account})").status_code == 204
    assert org_server.get(f"invoices({invoice})")["_customerid_value"] is None
    assert org_server.send("DELETE", f"invoices({invoice})").status_code == 204
    assert org_server.send("GET", f"invoicedetails({line})").status_code == 404


def test_an_activity_is_also_a_row_of_the_base_table(org_server: OrgServer) -> None:
    account = org_server.create("accounts", name="A")
    bind = {"regardingobjectid_account_task__bind": f"/accounts({account})"}
    task = org_server.create("tasks", subject="call back", **bind)
    org_server.send("PATCH", f"tasks({task})", {"statecode": 1})
    path = f"accounts({account})/Account_ActivityPointers"
    pointer = org_server.rows(f"{path}?$select=subject,statecode,activitytypecode")[0]
    assert (pointer["activityid"], pointer["subject"]) == (task, "call back")
    assert (pointer["statecode"], pointer["activitytypecode"]) == (1, "task")
    org_server.send("DELETE", f"tasks({task})")
    assert org_server.rows("activitypointers") == []


def test_a_new_component_goes_into_the_named_solution(org_server: OrgServer) -> None:
    publisher = org_server.create("publishers", uniquename="p", customizationprefix="gs")
    bind = {"publisherid__bind": f"/publishers({publisher})"}
    solution = org_server.create("solutions", uniquename="named", version="1.0", **bind)
    unit = org_server.rows("businessunits?$select=businessunitid")[0]["businessunitid"]
    role = {"name": "r", "businessunitid@odata.bind": f"/businessunits({unit})"}
    org_server.send("POST", "roles", role, **{"MSCRM.SolutionUniqueName": "named"})
    filtered = f"solutioncomponents?$filter=_solutionid_value eq {solution}"
    assert org_server.names(filtered, "componenttype") == [20]
    for entity_set, key in (("roles", "roleid"), ("solutions", "solutionid")):
        for row_id in org_server.names(f"{entity_set}?$select={key}", key):
            assert org_server.send("DELETE", f"{entity_set}({row_id})").status_code == 204


def test_a_secret_is_written_and_never_read(org_server: OrgServer) -> None:
    endpoint = org_server.create(
        "serviceendpoints", name="e", contract=8, authtype=4, url="http://127.0.0.1/", authvalue="k"
    )
    assert "authvalue" not in org_server.get(f"serviceendpoints({endpoint})")
    chosen = org_server.get(f"serviceendpoints({endpoint})?$select=authvalue,isauthvalueset")
    assert (chosen["authvalue"], chosen["isauthvalueset"]) == (None, True)
    assert org_server.send("DELETE", f"serviceendpoints({endpoint})").status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nothings", 404, "0x8006088a"),
        ("GET", "accounts/nothing", 404, "0x8006088a"),
        ("GET", f"accounts({SOME})/nothing", 404, "0x8006088a"),
        ("GET", "accounts(17)", 400, "0x80060888"),
        ("PATCH", "accounts", 405, "0x8006088a"),
        ("DELETE", "accounts", 405, "0x8006088a"),
        ("POST", f"accounts({SOME})", 405, "0x8006088a"),
    ],
)
def test_a_wrong_address_or_method_is_refused(
    org_server: OrgServer, method: str, path: str, status: int, code: str
) -> None:
    response = org_server.send(method, path, {} if method in ("POST", "PATCH") else None)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_who_am_i_names_the_service_user_and_its_unit(org_server: OrgServer) -> None:
    found = org_server.get("WhoAmI")
    assert found["@odata.context"].endswith("#Microsoft.Dynamics.CRM.WhoAmIResponse")
    user = org_server.get(f"systemusers({found['UserId']})")
    assert user["_businessunitid_value"] == found["BusinessUnitId"]
    assert org_server.names("organizations", "organizationid") == [found["OrganizationId"]]


@pytest.mark.parametrize("brackets", ["", "()"])
def test_version_and_languages_are_told(org_server: OrgServer, brackets: str) -> None:
    assert org_server.get(f"RetrieveVersion{brackets}")["Version"].startswith("9.2")
    languages = org_server.get(f"RetrieveProvisionedLanguages{brackets}")
    assert languages["RetrieveProvisionedLanguages"] == [1033, 1065]
