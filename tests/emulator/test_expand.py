"""``$expand``, navigation paths and annotations."""

from collections.abc import Callable, Iterator

import pytest

from tests.emulator.serving import OrgServer

ACCOUNT, CONTACT = "ac000000-0000-4000-8000-000000000001", "cc000000-0000-4000-8000-000000000001"
FORMATTED = "OData.Community.Display.V1.FormattedValue"


@pytest.fixture(scope="module")
def org(shared_server: OrgServer) -> Iterator[OrgServer]:
    """An account with a contact and three invoices, and one invoice of the contact."""
    create = shared_server.create
    create("contacts", contactid=CONTACT, firstname="سارا", lastname="کریمی")
    create("accounts", accountid=ACCOUNT, name="Zarrin", industrycode=1,
           primarycontactid__bind=f"/contacts({CONTACT})")  # fmt: skip
    for place in (1, 2, 3):
        create("invoices", name=f"I{place}", totalamount=-1234.5 * place, statecode=place % 2,
               duedate="2026-02-03", customerid_account__bind=f"/accounts({ACCOUNT})")  # fmt: skip
    create("invoices", name="P", customerid_contact__bind=f"/contacts({CONTACT})")
    yield shared_server
    with shared_server.org.transaction() as tx:
        for table in ("invoice", "account", "contact"):
            for row in shared_server.org.rows(table):
                tx.delete(table, row[f"{table}id"])


def test_parents_are_expanded_two_levels_deep(org: OrgServer) -> None:
    rows = org.rows(
        "invoices?$select=name&$orderby=name&$expand=customerid_account($select=name;"
        "$expand=primarycontactid($select=fullname)),customerid_contact($select=fullname)"
    )
    first, last = rows[0], rows[-1]
    assert first["customerid_account"]["name"] == "Zarrin"
    assert first["customerid_account"]["primarycontactid"]["fullname"] == "سارا کریمی"
    assert first["customerid_contact"] is None
    assert last["customerid_account"] is None
    assert last["customerid_contact"]["contactid"] == CONTACT


def test_children_are_filtered_sorted_and_cut_per_parent(org: OrgServer) -> None:
    row = org.get(
        f"accounts({ACCOUNT})?$select=name&$expand=invoice_customer_accounts("
        "$select=name;$filter=totalamount lt 0;$orderby=name desc;$top=2)"
    )
    assert [child["name"] for child in row["invoice_customer_accounts"]] == ["I3", "I2"]
    link = row["invoice_customer_accounts@odata.nextLink"]
    assert link.startswith(f"{org.api}accounts({ACCOUNT})/invoice_customer_accounts?$select=name")
    assert [child["name"] for child in org.rows(link)] == ["I3", "I2"]


def test_children_have_their_own_expansions(org: OrgServer) -> None:
    row = org.get(
        f"contacts({CONTACT})?$select=fullname&$expand=account_primary_contact($select=name;"
        "$expand=invoice_customer_accounts($select=name;$orderby=name))"
    )
    invoices = row["account_primary_contact"][0]["invoice_customer_accounts"]
    assert [child["name"] for child in invoices] == ["I1", "I2", "I3"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"accounts({ACCOUNT})/invoice_customer_accounts?$orderby=name", ["I1", "I2", "I3"]),
        (f"accounts({ACCOUNT})/invoice_customer_accounts?$filter=name ne 'I2'&$orderby=name",
         ["I1", "I3"]),
        (f"contacts({CONTACT})/invoice_customer_contacts", ["P"]),
    ],
)  # fmt: skip
def test_a_collection_is_read_through_its_parent(
    org: OrgServer, path: str, expected: list[str]
) -> None:
    assert org.names(path) == expected


def test_a_collection_is_counted_through_its_parent(org: OrgServer) -> None:
    path = f"accounts({ACCOUNT})/invoice_customer_accounts/$count?$filter=statecode eq 1"
    assert org.send("GET", path).text == "2"


def test_every_annotation_comes_when_all_are_wanted(org: OrgServer) -> None:
    select = "$select=totalamount,statecode,duedate,createdon,_customerid_value"
    row = org.rows(
        f"invoices?{select}&$filter=name eq 'I1'", Prefer='odata.include-annotations="*"'
    )[0]
    assert row["totalamount"] == -1234.5
    assert row[f"totalamount@{FORMATTED}"] == "-$1,234.50"
    assert row[f"statecode@{FORMATTED}"] == "Closed (deprecated)"
    assert row[f"duedate@{FORMATTED}"] == "2/3/2026"
    assert row[f"createdon@{FORMATTED}"] == "3/1/2026 8:30 AM"
    assert row[f"_customerid_value@{FORMATTED}"] == "Zarrin"
    assert row["_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "account"
    navigation = "_customerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"
    assert row[navigation] == "customerid_account"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("OData.Community.Display.V1.FormattedValue", {FORMATTED}),
        ("Microsoft.Dynamics.CRM.lookup*", {"Microsoft.Dynamics.CRM.lookuplogicalname"}),
        (f"{FORMATTED},Microsoft.Dynamics.CRM.lookuplogicalname",
         {FORMATTED, "Microsoft.Dynamics.CRM.lookuplogicalname"}),
        ("none.of.these", set()),
    ],
)  # fmt: skip
def test_only_the_wanted_annotations_come(org: OrgServer, wanted: str, expected: set[str]) -> None:
    prefer = f'odata.maxpagesize=3,odata.include-annotations="{wanted}"'
    response = org.send("GET", "invoices?$select=_customerid_value", Prefer=prefer)
    terms = {
        name.partition("@")[2]
        for row in response.json()["value"]
        for name in row
        if "_value@" in name
    }
    assert terms == expected
    assert response.headers["Preference-Applied"] == prefer


def test_amounts_carry_the_symbol_of_their_currency(org: OrgServer) -> None:
    rial = org.create("transactioncurrencies", currencysymbol="﷼", exchangerate=1)
    order = org.create(
        "salesorders",
        totalamount=5000,
        transactioncurrencyid__bind=f"/transactioncurrencies({rial})",
    )
    row = org.get(f"salesorders({order})", Prefer='odata.include-annotations="*"')
    assert row[f"totalamount@{FORMATTED}"] == "﷼5,000.00"
    assert row[f"totalamount_base@{FORMATTED}"] == "$5,000.00"
    assert org.send("DELETE", f"salesorders({order})").status_code == 204


def test_labels_come_in_the_language_of_the_user(
    start_server: Callable[..., OrgServer],
) -> None:
    server = start_server()
    server.create("accounts", accountid=ACCOUNT, industrycode=1, customertypecode=3)
    texts = ((1033, "Accounting"), (1065, "حسابداری"))
    labels = [{"Label": text, "LanguageCode": language} for language, text in texts]
    option = {"EntityLogicalName": "account", "AttributeLogicalName": "industrycode", "Value": 1}
    server.send("POST", "UpdateOptionValue", option | {"Label": {"LocalizedLabels": labels}})
    user = server.get("WhoAmI")["UserId"]
    server.send("PATCH", f"usersettingscollection({user})", {"uilanguageid": 1065})
    row = server.get(f"accounts({ACCOUNT})", Prefer='odata.include-annotations="*"')
    assert row[f"industrycode@{FORMATTED}"] == "حسابداری"
    assert row[f"customertypecode@{FORMATTED}"] == "Customer"


def test_the_version_of_the_metadata_grows_with_a_customization(org: OrgServer) -> None:
    term = "Microsoft.Dynamics.CRM.globalmetadataversion"
    wanted = {"Prefer": f'odata.include-annotations="{term}"'}
    before = org.get("accounts?$top=1", **wanted)[f"@{term}"]
    assert org.get("accounts?$top=1", **wanted)[f"@{term}"] == before
    choice = {
        "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
        "Name": "gs_version",
        "IsGlobal": True,
        "OptionSetType": "Picklist",
        "Options": [],
        "DisplayName": {"LocalizedLabels": [{"Label": "v", "LanguageCode": 1033}]},
    }
    made = org.send("POST", "GlobalOptionSetDefinitions", choice)
    assert made.status_code == 204, made.text
    assert int(org.get("accounts?$top=1", **wanted)[f"@{term}"]) > int(before)
    assert org.send("DELETE", made.headers["OData-EntityId"]).status_code == 204


def test_expanded_rows_are_annotated_too(org: OrgServer) -> None:
    row = org.rows(
        "invoices?$select=name&$filter=name eq 'I1'"
        "&$expand=customerid_account($select=industrycode)",
        Prefer=f'odata.include-annotations="{FORMATTED}"',
    )[0]
    assert row["customerid_account"][f"industrycode@{FORMATTED}"] == "Accounting"
