"""Many-to-many relationships: linked, read, filtered, told to steps, made and deleted."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import pairs

CRM = "Microsoft.Dynamics.CRM."
NAVIGATION = "accountleads_association"
MENU = {"Behavior": "UseCollectionName", "Group": "Details", "Order": 10000}


def link(server: OrgServer, account: str, lead: str) -> int:
    body = {"@odata.id": f"{server.api}leads({lead})"}
    return server.send("POST", f"accounts({account})/{NAVIGATION}/$ref", body).status_code


def leads(server: OrgServer, *names: str) -> list[str]:
    return [server.create("leads", lastname=name) for name in names]


def linked(server: OrgServer, account: str, query: str = "") -> list[Any]:
    return server.names(f"accounts({account})/{NAVIGATION}{query}", "lastname")


def test_linked_rows_are_read_from_both_sides(server: OrgServer) -> None:
    first, second = (server.create("accounts", name=name) for name in "xy")
    a, b, c = leads(server, "a", "b", "c")
    assert [link(server, *pair) for pair in ((first, b), (first, a), (second, a))] == [204] * 3
    assert linked(server, first, "?$orderby=lastname") == ["a", "b"]
    assert linked(server, first, "?$filter=lastname eq 'b'&$select=lastname") == ["b"]
    assert linked(server, second) == ["a"]
    assert sorted(server.names(f"leads({a})/{NAVIGATION}")) == ["x", "y"]
    assert server.names(f"leads({c})/{NAVIGATION}") == []
    assert server.send("GET", f"accounts({first})/{NAVIGATION}/$count").text == "2"
    rows = server.rows(f"accountleadscollection?$filter=accountid eq {second}")
    assert [row["leadid"] for row in rows] == [a]


def test_links_are_expanded_and_filtered_by(server: OrgServer) -> None:
    first, second, _ = (server.create("accounts", name=f"e{n}") for n in range(3))
    a, b = leads(server, "ea", "eb")
    for pair in ((first, a), (first, b), (second, b)):
        link(server, *pair)
    path = f"accounts?$select=name&$filter=startswith(name,'e')&$orderby=name&$expand={NAVIGATION}"
    rows = server.rows(f"{path}($select=lastname;$orderby=lastname desc)")
    assert [[lead["lastname"] for lead in row[NAVIGATION]] for row in rows] == [
        ["eb", "ea"], ["eb"], []]  # fmt: skip
    rows = server.rows(f"{path}($select=lastname;$orderby=lastname;$top=1)")
    assert [[lead["lastname"] for lead in row[NAVIGATION]] for row in rows] == [["ea"], ["eb"], []]
    next_link = rows[0][f"{NAVIGATION}@odata.nextLink"]
    assert server.names(next_link, "lastname") == ["ea"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("{0}/any(l:l/lastname eq 'fa')", ["f0"]),
        ("{0}/any()", ["f0", "f1"]),
        ("not {0}/any(l:l/lastname eq 'fa') and startswith(name,'f')", ["f1", "f2"]),
        ("{0}/all(l:l/lastname eq 'fb') and startswith(name,'f')", ["f1", "f2"]),
        ("{0}/any(l:l/accountleads_association/any(a:a/name eq 'f1'))", ["f0", "f1"]),
    ],
)
def test_any_and_all_look_through_links(
    server: OrgServer, condition: str, names: list[str]
) -> None:
    accounts = [server.create("accounts", name=f"f{n}") for n in range(3)]
    a, b = leads(server, "fa", "fb")
    for pair in ((0, a), (0, b), (1, b)):
        link(server, accounts[pair[0]], pair[1])
    condition = f"startswith(name,'f') and {condition.format(NAVIGATION)}"
    assert server.names(f"accounts?$select=name&$orderby=name&$filter={condition}") == names
    for account in accounts:
        server.send("DELETE", f"accounts({account})")


@pytest.mark.parametrize("by_option", [True, False])
def test_a_link_is_taken_away(server: OrgServer, by_option: bool) -> None:
    account = server.create("accounts", name="x")
    a, b = leads(server, "a", "b")
    for lead in (a, b):
        link(server, account, lead)
    base = f"accounts({account})/{NAVIGATION}"
    address = f"{base}/$ref?$id={server.api}leads({a})" if by_option else f"{base}({a})/$ref"
    assert server.send("DELETE", address).status_code == 204
    assert linked(server, account) == ["b"]
    assert server.send("DELETE", address).status_code == 204


def test_links_go_with_either_row(server: OrgServer) -> None:
    account, other = (server.create("accounts", name=name) for name in "xy")
    a, b = leads(server, "a", "b")
    for pair in ((account, a), (account, b), (other, b)):
        link(server, *pair)
    server.send("DELETE", f"leads({a})")
    server.send("DELETE", f"accounts({other})")
    assert linked(server, account) == ["b"]
    assert len(server.rows(f"accountleadscollection?$filter=leadid eq {b}")) == 1


GONE = "ac000000-0000-4000-8000-00000000dead"


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("leads({lead})", 412, "0x80040237"),
        (f"leads({GONE})", 404, "0x80040217"),
        ("contacts({lead})", 400, "0x80048d19"),
    ],
)
def test_a_link_that_cannot_be_is_refused(
    server: OrgServer, target: str, status: int, code: str
) -> None:
    account, (lead,) = server.create("accounts", name="x"), leads(server, "a")
    link(server, account, lead)
    body = {"@odata.id": f"{server.api}{target.format(lead=lead)}"}
    response = server.send("POST", f"accounts({account})/{NAVIGATION}/$ref", body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_the_table_of_links_is_written_by_linking_only(server: OrgServer) -> None:
    response = server.send("POST", "accountleadscollection", {})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "0x80040800")


def test_members_of_a_marketing_list_are_rows_of_their_own_table(server: OrgServer) -> None:
    account, contact = server.create("accounts", name="x"), server.create("contacts", lastname="y")
    found = server.create("lists", listname="l", createdfromcode=1)
    for navigation, target in (("listaccount", f"accounts({account})"),
                               ("listcontact", f"contacts({contact})")):  # fmt: skip
        body = {"@odata.id": f"{server.api}{target}"}
        path = f"lists({found})/{navigation}_association/$ref"
        assert server.send("POST", path, body).status_code == 204
    rows = server.rows("listmembers?$orderby=entitytype")
    assert [(row["_listid_value"], row["_entityid_value"], row["entitytype"]) for row in rows] == [
        (found, account, "account"), (found, contact, "contact")]  # fmt: skip
    assert server.names(f"accounts({account})/listaccount_association", "listname") == ["l"]


def test_steps_hear_of_links(hooks: Hooks) -> None:
    server = hooks.server
    for message in ("Associate", "Disassociate"):
        hooks.step(message, "")
    account, (lead,) = server.create("accounts", name="x"), leads(server, "a")
    link(server, account, lead)
    server.send("DELETE", f"leads({lead})/{NAVIGATION}({account})/$ref")
    server.send("DELETE", f"leads({lead})/{NAVIGATION}({account})/$ref")
    hooks.settle()
    told = {delivery.body["MessageName"]: delivery for delivery in hooks.receiver.deliveries}
    assert len(hooks.receiver.deliveries) == 2
    ends = [("account", account), ("lead", lead)]
    for message, (target, other) in (("Associate", ends), ("Disassociate", ends[::-1])):
        body = told[message].body
        parameters = pairs(body["InputParameters"])
        assert (body["PrimaryEntityName"], body["PrimaryEntityId"]) == target
        assert (parameters["Target"]["LogicalName"], parameters["Target"]["Id"]) == target
        assert parameters["Relationship"]["SchemaName"] == NAVIGATION
        (related,) = parameters["RelatedEntities"]
        assert (related["LogicalName"], related["Id"]) == other


def test_a_relationship_is_made_used_and_deleted(server: OrgServer) -> None:
    definition = {
        "@odata.type": f"{CRM}ManyToManyRelationshipMetadata",
        "SchemaName": "gs_account_contact",
        "Entity1LogicalName": "account",
        "Entity1AssociatedMenuConfiguration": MENU,
        "Entity2LogicalName": "contact",
        "Entity2AssociatedMenuConfiguration": MENU,
        "IntersectEntityName": "gs_account_contact",
    }
    made = server.send("POST", "RelationshipDefinitions", definition)
    assert made.status_code == 204
    assert server.send("POST", "RelationshipDefinitions", definition).status_code == 400
    many = server.rows("EntityDefinitions(LogicalName='contact')/ManyToManyRelationships"
                       "?$filter=SchemaName eq 'gs_account_contact'")  # fmt: skip
    assert [(item["Entity1IntersectAttribute"], item["Entity2IntersectAttribute"],
             item["IntersectEntityName"], item["IsCustomRelationship"]) for item in many] == [
        ("accountid", "contactid", "gs_account_contact", True)]  # fmt: skip
    table = server.get("EntityDefinitions(LogicalName='gs_account_contact')")
    assert (table["IsIntersect"], table["EntitySetName"]) == (True, "gs_account_contactset")

    account, contact = server.create("accounts", name="x"), server.create("contacts", lastname="y")
    body = {"@odata.id": f"/contacts({contact})"}
    path = f"accounts({account})/gs_account_contact"
    assert server.send("POST", f"{path}/$ref", body).status_code == 204
    assert server.names(path, "lastname") == ["y"]

    assert server.get(made.headers["OData-EntityId"])["SchemaName"] == "gs_account_contact"
    assert server.send("DELETE", made.headers["OData-EntityId"]).status_code == 204
    assert server.send("GET", path).status_code == 404
    assert server.send("GET", "gs_account_contactset").status_code == 404


def test_a_relationship_goes_with_its_table(server: OrgServer) -> None:
    label = {"LocalizedLabels": [{"Label": "Thing", "LanguageCode": 1033}]}
    name = {"@odata.type": f"{CRM}StringAttributeMetadata", "SchemaName": "gs_Name",
            "IsPrimaryName": True, "DisplayName": label}  # fmt: skip
    table = {"@odata.type": f"{CRM}EntityMetadata", "SchemaName": "gs_Thing", "DisplayName": label,
             "DisplayCollectionName": label, "Attributes": [name]}  # fmt: skip
    link = {"@odata.type": f"{CRM}ManyToManyRelationshipMetadata", "SchemaName": "gs_thing_account",
            "Entity1LogicalName": "gs_thing", "Entity2LogicalName": "account",
            "IntersectEntityName": "gs_thing_account"}  # fmt: skip
    assert server.send("POST", "EntityDefinitions", table).ok
    assert server.send("POST", "RelationshipDefinitions", link).ok
    assert server.send("DELETE", "EntityDefinitions(LogicalName='gs_thing')").status_code == 204
    assert server.send("GET", "gs_thing_accountset").status_code == 404
    account = server.create("accounts", name="x")
    assert server.send("DELETE", f"accounts({account})").status_code == 204


@pytest.mark.parametrize("key", ["SchemaName='accountleads_association'"])
def test_a_relationship_of_the_platform_stays(server: OrgServer, key: str) -> None:
    assert server.send("DELETE", f"RelationshipDefinitions({key})").status_code == 400


def test_a_table_is_linked_with_itself(server: OrgServer) -> None:
    name = "gs_account_partner"
    made = server.send("POST", "RelationshipDefinitions", {
        "@odata.type": f"{CRM}ManyToManyRelationshipMetadata", "SchemaName": name,
        "Entity1LogicalName": "account", "Entity2LogicalName": "account",
        "IntersectEntityName": name,
    })  # fmt: skip
    a, b = (server.create("accounts", name=name) for name in ("self a", "self b"))
    path = f"accounts({a})/{name}/$ref"
    assert server.send("POST", path, {"@odata.id": f"/accounts({b})"}).status_code == 204
    assert server.names(f"accounts({a})/{name}") == ["self b"]
    assert server.names(f"accounts({b})/{name}_referenced") == ["self a"]
    assert server.names(f"accounts({b})/{name}") == []
    (row,) = server.rows(f"{name}set")
    assert (row["accountidone"], row["accountidtwo"]) == (a, b)
    server.send("DELETE", f"accounts({b})")
    assert server.rows(f"{name}set") == []
    assert server.send("DELETE", made.headers["OData-EntityId"]).status_code == 204
