"""Which privilege each kind of request needs, and how its lack is told."""

from typing import Any

import pytest
import requests

from tests.emulator.limits.conftest import error_of
from tests.emulator.limits.people import (
    ACCOUNT,
    ADMIN,
    GRADER,
    GRADER_USER,
    INVOICE,
    NOBODY,
    READER,
    STRANGER,
    AsUser,
)
from tests.emulator.serving import OrgServer

BULK = "Microsoft.Dynamics.CRM.UpdateMultiple"
TARGETS = {
    "Targets": [
        {"@odata.type": "Microsoft.Dynamics.CRM.invoice", "invoiceid": INVOICE, "name": "x"}
    ]
}
LINKED = (
    "<fetch><entity name='account'><link-entity name='contact' from='contactid' "
    "to='primarycontactid'/></entity></fetch>"
)
MEMBER = "Microsoft.Dynamics.CRM.AddMemberList"
SELECT = "SELECT a.name FROM account a JOIN contact c ON a.primarycontactid = c.contactid"
CUSTOMER = {"customerid_account@odata.bind": f"/accounts({ACCOUNT})"}


@pytest.mark.parametrize(
    ("application", "request_line", "body", "missing"),
    [
        (NOBODY, "GET accounts", None, "prvReadAccount"),
        (NOBODY, "GET accounts/$count", None, "prvReadAccount"),
        (NOBODY, f"GET accounts({ACCOUNT})", None, "prvReadAccount"),
        (NOBODY, f"GET accounts({ACCOUNT})/name", None, "prvReadAccount"),
        (GRADER, "POST accounts", {"name": "a"}, "prvCreateAccount"),
        (GRADER, f"PATCH accounts({STRANGER})", {"name": "a"}, "prvCreateAccount"),
        (GRADER, f"DELETE accounts({ACCOUNT})", None, "prvDeleteAccount"),
        (READER, f"PATCH accounts({ACCOUNT})", {"name": "a"}, "prvWriteAccount"),
        (READER, f"PUT accounts({ACCOUNT})/name", {"value": "a"}, "prvWriteAccount"),
        (READER, f"DELETE accounts({ACCOUNT})/name", None, "prvWriteAccount"),
        (GRADER, f"POST invoices/{BULK}", TARGETS, "prvWriteInvoice"),
        (GRADER, "POST invoices", CUSTOMER, "prvAppendToAccount"),
        (
            READER,
            f"DELETE invoices({INVOICE})/customerid_account/$ref",
            None,
            "prvAppendInvoice",
        ),
        (GRADER, "GET systemusers", None, "prvReadUser"),
        (GRADER, "GET tasks", None, "prvReadActivity"),
        (GRADER, "GET accounts?$expand=primarycontactid", None, "prvReadContact"),
        (
            GRADER,
            "GET accounts?$filter=primarycontactid/fullname eq 'x'",
            None,
            "prvReadContact",
        ),
        (
            GRADER,
            "GET accounts?$filter=contact_customer_accounts/any(c:c/fullname eq 'x')",
            None,
            "prvReadContact",
        ),
        (GRADER, f"GET accounts?fetchXml={LINKED}", None, "prvReadContact"),
        (
            NOBODY,
            "GET accounts?fetchXml=<fetch><entity name='account'/></fetch>",
            None,
            "prvReadAccount",
        ),
        (NOBODY, "GET accounts?$apply=aggregate($count as n)", None, "prvReadAccount"),
        (
            GRADER,
            "GET accounts?$apply=groupby((primarycontactid/fullname))",
            None,
            "prvReadContact",
        ),
        (GRADER, "POST PublishAllXml", None, "prvPublishCustomization"),
        (GRADER, "POST Merge", {}, "prvMerge"),
        (GRADER, "POST BulkDelete", {}, "prvBulkDelete"),
        (GRADER, f"POST lists({ACCOUNT})/{MEMBER}", {"EntityId": ACCOUNT}, "prvAppendList"),
        (GRADER, f"GET accounts?sql={SELECT}", None, "prvReadContact"),
        (NOBODY, "GET RetrieveTotalRecordCount(EntityNames=['account'])", None, "prvReadAccount"),
        (READER, "POST EntityDefinitions", {}, "prvCreateEntity"),
        (
            READER,
            "DELETE EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')",
            None,
            "prvDeleteAttribute",
        ),
    ],
)
def test_a_request_without_its_privilege_is_refused_by_name(
    as_user: AsUser, application: str, request_line: str, body: Any, missing: str
) -> None:
    refusal = as_user(application).send(request_line, body)
    assert error_of(refusal) == (403, "0x80040220")
    assert f"is missing {missing} privilege" in refusal.json()["error"]["message"]


@pytest.mark.parametrize(
    ("application", "request_line", "body"),
    [
        (GRADER, f"PATCH accounts({ACCOUNT})", {"description": "d"}),
        (GRADER, "GET accounts?$expand=invoice_customer_accounts($select=name)", None),
        (GRADER, "POST invoices", {"name": "mine"}),
        (READER, "GET accounts?$expand=primarycontactid", None),
        (READER, "GET tasks", None),
        (READER, "POST PublishAllXml", None),
        (NOBODY, "GET EntityDefinitions(LogicalName='account')?$select=LogicalName", None),
        (NOBODY, "GET WhoAmI", None),
        (ADMIN, "POST invoices", CUSTOMER),
        (ADMIN, f"PATCH accounts({STRANGER})", {"name": "upserted"}),
    ],
)
def test_a_request_with_its_privileges_is_served(
    as_user: AsUser, application: str, request_line: str, body: Any
) -> None:
    answer = as_user(application).send(request_line, body)
    assert answer.status_code in (200, 204), answer.text


def test_a_refused_request_changes_nothing(people: OrgServer, as_user: AsUser) -> None:
    before = people.get(f"accounts({ACCOUNT})?$select=name")
    as_user(READER).send(f"PATCH accounts({ACCOUNT})", {"name": "changed"})
    assert people.get(f"accounts({ACCOUNT})?$select=name") == before


def test_giving_a_row_away_needs_a_privilege_of_its_own(people: OrgServer, as_user: AsUser) -> None:
    admin_id = as_user(ADMIN).send("GET WhoAmI").json()["UserId"]
    given = {"ownerid@odata.bind": f"/systemusers({admin_id})"}
    refusal = as_user(GRADER).send(f"PATCH accounts({ACCOUNT})", given)
    assert "prvAssignAccount" in refusal.json()["error"]["message"]
    taken = {"ownerid@odata.bind": f"/systemusers({GRADER_USER})"}
    assert as_user(GRADER).send(f"PATCH accounts({ACCOUNT})", taken).status_code == 204


def test_a_part_of_a_batch_needs_its_privilege_too(as_user: AsUser) -> None:
    body = (
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"DELETE accounts({ACCOUNT}) HTTP/1.1\r\n\r\n\r\n--b--\r\n"
    )
    client = as_user(GRADER)
    answer = requests.post(
        f"{client.server.api}$batch",
        data=body,
        headers={
            "Content-Type": "multipart/mixed; boundary=b",
            "Authorization": f"Bearer {GRADER}",
        },
        timeout=30,
    )
    assert answer.status_code == 403
    assert "prvDeleteAccount" in answer.text


def test_a_custom_api_may_name_a_privilege(people: OrgServer, as_user: AsUser) -> None:
    api = {
        "uniquename": "gs_Guarded",
        "name": "guarded",
        "displayname": "guarded",
        "executeprivilegename": "prvCreateIncident",
        "bindingtype": 0,
        "allowedcustomprocessingsteptype": 1,
    }
    people.create("customapis", **api)
    refusal = as_user(GRADER).send("POST gs_Guarded", {})
    assert error_of(refusal) == (403, "0x80040220")
    assert "prvCreateIncident" in refusal.json()["error"]["message"]
    assert as_user(ADMIN).send("POST gs_Guarded", {}).status_code == 204
